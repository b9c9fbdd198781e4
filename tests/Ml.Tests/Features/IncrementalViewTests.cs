using Xunit;

namespace Ml.Tests.Features;

/// <summary>Views of which only the entities that were appended to are computed again.</summary>
public sealed class IncrementalViewTests : IAsyncLifetime
{
    private const string All = "SELECT customer, strftime(known_at, '%Y-%m-%d %H:%M:%S'), orders, mean_amount FROM {0} ORDER BY ALL";

    private readonly Lake _lake = Lake.OnDisk();
    private readonly TemporaryFolder _project = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.WriteAsync("curated/shop/orders", FeaturesCommandTests.Orders);
        Define("incremental: curated.shop_orders\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _lake.DisposeAsync();
        _project.Dispose();
    }

    private void Define(string more, string where = "")
    {
        Directory.CreateDirectory(Path.Combine(_project.Path, "features"));
        File.WriteAllText(Path.Combine(_project.Path, "features", "customers.yaml"), FeaturesCommandTests.Customers.Replace("ttl: 90d\n", more, StringComparison.Ordinal).Replace("shop_orders\n  WINDOW", $"shop_orders {where}\n  WINDOW", StringComparison.Ordinal));
    }

    private async Task<string> MaterializeAsync(params string[] more) =>
        (await MlProcess.SucceedAsync(["features", "materialize", "--bucket", _lake.Bucket, "--project", _project.Path, "-o", "csv", .. more])).Out;

    private HashSet<string> Files() => [.. Directory.EnumerateFiles(Path.Combine(_lake.Folder, "ml/features/customers"), "*.parquet", SearchOption.AllDirectories)];

    private Task AppendAsync(string values) => _lake.WriteAsync("curated/shop/orders", $"SELECT customer, ordered_at::TIMESTAMP AS ordered_at, amount::DOUBLE AS amount FROM (VALUES {values}) t(customer, ordered_at, amount)", append: true);

    [Fact]
    public async Task Materialize_AppendedInput_WritesTheDaysThatDifferAndIsWhatAllAnewGives()
    {
        await MaterializeAsync();
        var before = Files();
        // a new customer, one more order, and one that comes late: what is known after it changes too
        await AppendAsync("('new', '2026-03-01', 5), ('c9', '2026-03-01', 7), ('c19', '2026-01-01 00:30:00', 9)");
        Assert.Contains("customers,features.customers,3303,1,`curated/shop/orders` changed", await MaterializeAsync(), StringComparison.Ordinal);
        Assert.InRange(Files().Intersect(before).Count(), 1, before.Count - 1);
        var appended = _lake.Query("ml/features/customers/*", All);
        Assert.Contains("up to date", await MaterializeAsync(), StringComparison.Ordinal);
        await MaterializeAsync("--full");
        Assert.Equal(_lake.Query("ml/features/customers/*", All), appended);
        Assert.Empty(Files().Intersect(before));

        // rows that were replaced cannot be told from others: all is computed anew
        await _lake.WriteAsync("curated/shop/orders", FeaturesCommandTests.Orders);
        Assert.Contains(",3300,3,", await MaterializeAsync(), StringComparison.Ordinal);
        Assert.Equal(3300L, _lake.Query("ml/features/customers/*", "SELECT count(*) FROM {0}")[0][0]);
    }

    [Fact]
    public async Task Materialize_AppendedRowsThatChangeNothingOrHaveNoEntity_AreUpToDateOrRefused()
    {
        Define("incremental: curated.shop_orders\n", "WHERE amount >= 0");
        await MaterializeAsync();
        var before = Files();
        await AppendAsync("('c9', '2026-03-01', -1)");
        Assert.Contains(",3300,1,", await MaterializeAsync(), StringComparison.Ordinal);
        Assert.Contains(",3300,1,up to date", await MaterializeAsync(), StringComparison.Ordinal);
        Assert.Equal(before, Files());
        await _lake.WriteAsync("curated/shop/orders", "SELECT NULL::VARCHAR AS customer, TIMESTAMP '2026-01-01' AS ordered_at, 1.0::DOUBLE AS amount", append: true);
        var run = await MlProcess.RunAsync("features", "materialize", "--bucket", _lake.Bucket, "--project", _project.Path);
        // a row without an entity is refused, as where all is computed
        Assert.Equal((3, true), (run.ExitCode, run.Error.Contains("1 rows have no entity or no timestamp", StringComparison.Ordinal)));
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("incremental: curated.shop_labels\n", "its `incremental` table `curated.shop_labels` is not read by its `sql`")]
    public async Task Materialize_IncrementalThatCannotBe_IsWrongUsage(string more, string expected)
    {
        await MaterializeAsync();
        Define(more);
        await AppendAsync("('new', '2026-03-01', 5)");
        var run = await MlProcess.RunAsync("features", "materialize", "--bucket", _lake.Bucket, "--project", _project.Path);
        Assert.Equal((2, true), (run.ExitCode, run.Error.Contains(expected, StringComparison.Ordinal)));
    }
}
