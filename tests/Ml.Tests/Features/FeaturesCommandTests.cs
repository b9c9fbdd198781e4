using System.Text.Json;
using Contracts.Tests.Documents;
using DataSpoc.Contracts.Documents;
using Xunit;

namespace Ml.Tests.Features;

/// <summary>Views of a project, materialised, trained on, predicted with.</summary>
public sealed class FeaturesCommandTests : IAsyncLifetime
{
    /// <summary>600 customers who order more or less often; who orders little leaves.</summary>
    internal const string Orders = """
        SELECT 'c' || (i % 600) AS customer, TIMESTAMP '2026-01-01' + INTERVAL (i // 600 * 50 + hash('h' || i) % 40) HOUR AS ordered_at, (hash('a' || i) % 1000) / 10.0 AS amount
        FROM range(6000) t(i) WHERE i % 600 % 10 >= i // 600
        """;

    internal const string Labels = """
        SELECT 'c' || (i % 600) AS customer, TIMESTAMP '2026-01-10' + INTERVAL (i) MINUTE AS at, i % 600 % 10 < 4 AS churned FROM range(600) t(i)
        """;

    internal const string Customers = """
        entity: [customer]
        timestamp: known_at
        ttl: 90d
        sql: |
          SELECT customer, ordered_at AS known_at, count(*) OVER past AS orders, avg(amount) OVER past AS mean_amount
          FROM curated.shop_orders
          WINDOW past AS (PARTITION BY customer ORDER BY ordered_at)
        """;

    private readonly Lake _lake = Lake.OnDisk();
    private readonly TemporaryFolder _project = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.WriteAsync("curated/shop/orders", Orders);
        await _lake.WriteAsync("curated/shop/labels", Labels);
        Define(Customers);
    }

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        _project.Dispose();
    }

    private void Define(string view)
    {
        Directory.CreateDirectory(Path.Combine(_project.Path, "features"));
        File.WriteAllText(Path.Combine(_project.Path, "features", "customers.yaml"), view);
    }

    private Task<MlProcess> RunAsync(params string[] args) => MlProcess.RunAsync([.. args, "--bucket", _lake.Bucket, "--project", _project.Path, "-o", "csv"]);

    private async Task<MlProcess> SucceedAsync(params string[] args)
    {
        var run = await RunAsync(args);
        Assert.Equal((0, ""), (run.ExitCode, run.ExitCode == 0 ? "" : run.Error));
        return run;
    }

    [Fact]
    public async Task Materialize_WhatChanged_IsMadeOnceAndAgainWhenItsInputMoves()
    {
        Assert.Contains("customers,materialize,it is not materialised yet,curated.shop_orders", (await SucceedAsync("features", "plan")).Out, StringComparison.Ordinal);
        Assert.Contains("customers,features.customers,3300,0,it is not materialised yet", (await SucceedAsync("features", "materialize")).Out, StringComparison.Ordinal);
        Assert.Contains("customers,features.customers,3300,0,up to date", (await SucceedAsync("features", "materialize", "customers")).Out, StringComparison.Ordinal);
        Assert.Equal(1L, _lake.Query("ml/features/customers/dt=2026-01-01", "SELECT min(orders) FROM {0}")[0][0]);
        Assert.Contains("ml/features/customers", await _lake.TextAsync(".dataspoc/ml/manifest.json"), StringComparison.Ordinal);

        await _lake.WriteAsync("curated/shop/orders", Orders);
        Assert.Contains("materialize,`curated/shop/orders` changed,", (await SucceedAsync("features", "plan")).Out, StringComparison.Ordinal);
        Define(Customers.Replace("90d", "30d", StringComparison.Ordinal));
        Assert.DoesNotContain("definition", (await SucceedAsync("features", "plan")).Out, StringComparison.Ordinal);
        Define(Customers.Replace("avg(", "max(", StringComparison.Ordinal));
        Assert.Contains("customers,customer,known_at,90.00:00:00,3300,0,its definition changed", (await SucceedAsync("features", "list")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT customer, ordered_at AS known_at, 1 AS one FROM curated.shop_orders UNION ALL FROM (VALUES ('c1', NULL, 1))", 3, "1 rows have no entity or no timestamp")]
    [InlineData("SELECT 'c' AS customer, TIMESTAMP '2026-01-01' AS known_at, a FROM range(2) t(a)", 3, "two rows have the same entity and timestamp: (c, '2026-01-01 00:00:00')")]
    [InlineData("SELECT customer, ordered_at, 1 AS one FROM curated.shop_orders", 2, "gives no column `known_at`")]
    [InlineData("SELECT customer, customer AS known_at, 1 AS one FROM curated.shop_orders", 2, "`known_at` is VARCHAR, not a date or a timestamp")]
    [InlineData("SELECT customer, ordered_at AS known_at FROM curated.shop_orders", 2, "gives no feature")]
    [InlineData("SELECT customer, ordered_at AS known_at, nope FROM curated.shop_orders", 1, "its SELECT fails")]
    [InlineData("SELECT customer FROM curated.shop_order", 2, "did you mean `curated.shop_orders`?")]
    [InlineData("DROP TABLE x", 2, "its `sql` is not one SELECT")]
    public async Task Materialize_SqlThatGivesNoFeatures_IsRefusedAndNothingIsWritten(string sql, int code, string expected)
    {
        Define($"entity: [customer]\ntimestamp: known_at\nsql: {JsonSerializer.Serialize(sql)}\n");
        var run = await RunAsync("features", "materialize");
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(code, run.ExitCode);
        Assert.Empty(await _lake.KeysAsync("ml/features/"));
    }

    [Fact]
    public async Task TrainAndPredict_OnViews_JoinInOneWayAndRefuseAnotherDefinition()
    {
        string[] train = ["train", "--from", "curated.shop_labels", "--target", "churned", "--features", "customers", "--time-column", "at", "--rounds", "20", "--trials", "1"];
        var early = await RunAsync(train);
        Assert.Equal((3, true), (early.ExitCode, early.Error.Contains("feature view `customers` is not materialised", StringComparison.Ordinal)));
        await SucceedAsync("features", "materialize");
        await SucceedAsync(train);
        using var features = JsonDocument.Parse(await _lake.TextAsync("ml/models/churned/features.json"));
        Assert.Empty(new JsonSchema(ContractSchemas.Text("model-features")).Faults(features.RootElement.GetRawText()));
        var view = features.RootElement.GetProperty("views").GetProperty("views")[0];
        Assert.Equal("ml/features/customers@0", view.GetProperty("input").GetString());
        Assert.Contains(features.RootElement.GetProperty("columns").EnumerateArray(), c => c.GetProperty("name").GetString() == "customers__orders");
        await SucceedAsync("reproduce", "churned", "1");

        await SucceedAsync("predict", "--model", "churned", "--from", "curated.shop_labels", "--columns", "customers__orders", "--append");
        await SucceedAsync("features", "join", "--from", "curated.shop_labels", "--features", "customers", "--time-column", "at", "--name", "churn_set");
        Assert.Equal(_lake.Query("ml/features/churn_set", "SELECT customers__orders FROM {0}"), _lake.Query("ml/predictions/churned", "SELECT customers__orders FROM {0}"));
        Assert.InRange((long)_lake.Query("ml/predictions/churned", "SELECT count(*) FROM {0} WHERE prediction = churned")[0][0]!, 500, 600);

        Define(Customers.Replace("avg(", "max(", StringComparison.Ordinal));
        await SucceedAsync("features", "materialize");
        var other = await RunAsync("predict", "--model", "churned", "--from", "curated.shop_labels");
        Assert.Equal((3, true), (other.ExitCode, other.Error.Contains("`features.customers` was materialised from another definition", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Join_NameOfAView_IsRefused()
    {
        await SucceedAsync("features", "materialize");
        var run = await RunAsync("features", "join", "--from", "curated.shop_labels", "--features", "customers", "--time-column", "at", "--name", "customers");
        Assert.Equal((2, true), (run.ExitCode, run.Error.Contains("`customers` is a view of the project", StringComparison.Ordinal)));
        Assert.Contains("customers,600,600,0,0", (await SucceedAsync("features", "join", "--from", "curated.shop_labels", "--features", "customers", "--time-column", "at", "--name", "x", "--dry-run")).Out, StringComparison.Ordinal);
        Assert.Empty(await _lake.KeysAsync("ml/features/x/"));
    }
}
