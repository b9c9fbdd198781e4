using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Serving;
using DataSpoc.Ml.Serving.Views;
using Ml.Tests.Features;
using Xunit;

namespace Ml.Tests.Serving;

/// <summary>A model with feature views behind a port: what it looks up is what <c>ml predict</c> joins.</summary>
public sealed class ServedViewsTests : IAsyncLifetime
{
    // customers that are known, unknown and null; moments before anything was known, in between, at the very moment, long after, and none
    private const string Asked = """
        SELECT i AS id, CASE WHEN i % 11 = 0 THEN NULL WHEN i % 7 = 0 THEN 'x' || i ELSE 'c' || (i % 600) END AS customer,
               CASE WHEN i % 13 = 0 THEN NULL WHEN i % 5 = 0 THEN o.ordered_at ELSE TIMESTAMP '2025-12-30' + INTERVAL (i * i % 6000) HOUR END AS at
        FROM range(400) t(i) LEFT JOIN (SELECT customer, max(ordered_at) AS ordered_at FROM ({0}) GROUP BY ALL) o ON o.customer = 'c' || (i % 600)
        """;

    private readonly Lake _lake = Lake.OnDisk();
    private readonly TemporaryFolder _project = new();
    private readonly List<string> _said = [];
    private readonly Clock _clock = new(new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.WriteAsync("curated/shop/orders", FeaturesCommandTests.Orders);
        await _lake.WriteAsync("curated/shop/labels", FeaturesCommandTests.Labels);
        await _lake.WriteAsync("curated/shop/asked", Asked.Replace("{0}", FeaturesCommandTests.Orders, StringComparison.Ordinal));
        Define(FeaturesCommandTests.Customers);
        await RunAsync("features", "materialize");
        await RunAsync("train", "--from", "curated.shop_labels", "--target", "churned", "--features", "customers", "--time-column", "at", "--rounds", "20", "--trials", "1");
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

    private Task RunAsync(params string[] args) => MlProcess.SucceedAsync([.. args, "--bucket", _lake.Bucket, "--project", _project.Path, "-q"]);

    private async Task<(ModelServer Server, HttpClient Http)> ServeAsync(bool log = false)
    {
        var reader = new ServedViewReader(new BucketTables(_lake.Store, ObjectCache.OfUser(static _ => null)), static () => Database.Open(new() { Threads = 1 }));
        var server = await ModelServer.StartAsync(
            new(new(_lake.Store), ModelReference.Parse("churned"), 1, reader), null, new(IPAddress.Loopback, 0), new(), _said.Add, _clock, Cancel, log ? new(_lake.Store, "churned", "test 0", TimeProvider.System) : null);
        return (server, new() { BaseAddress = new(server.Address) });
    }

    private static async Task<JsonElement> AskAsync(HttpClient http, object body)
    {
        var response = await http.PostAsJsonAsync("/predict", body, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    [Fact]
    public async Task Predict_RowsWithTheirEntity_AnswersWhatPredictJoins()
    {
        await RunAsync("predict", "--model", "churned", "--from", "curated.shop_asked", "--columns", "id,customer,at,customers__orders");
        var rows = _lake.Query("ml/predictions/churned", "SELECT customer, strftime(\"at\", '%Y-%m-%dT%H:%M:%S.%f'), probability, customers__orders, prediction::VARCHAR FROM {0} ORDER BY id");
        var (server, http) = await ServeAsync(log: true);
        using var __ = http;
        var answers = (await AskAsync(http, rows.Select(r => new { customer = r[0], at = r[1] }))).EnumerateArray().ToArray();
        Assert.Equal(rows.Select(r => ((float)r[2]!, (string)r[4]!, r[3] is null)), answers.Select(a => (a.GetProperty("probability").GetSingle(), a.GetProperty("prediction").GetString()!, a.TryGetProperty("missing_views", out _))));
        Assert.Contains(rows, r => r[3] is null);
        Assert.Contains(rows, r => r[3] is not null);
        Assert.Contains($"ml_view_misses_total{{view=\"customers\"}} {rows.Count(r => r[3] is null)}", await http.GetStringAsync("/metrics", Cancel), StringComparison.Ordinal);
        using var api = JsonDocument.Parse(await http.GetStringAsync("/openapi.json", Cancel));
        Assert.Equal(["at", "customer"], api.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Row").GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
        // what was answered is a table that the views join again
        await server.DisposeAsync();
        var drift = await MlProcess.RunAsync("drift", "--model", "churned", "--from", "monitoring.churned_requests", "--bucket", _lake.Bucket, "-o", "csv");
        Assert.Contains("customers__orders", drift.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_WithoutAMoment_IsAsOfNowAndFollowsTheTable()
    {
        var (server, http) = await ServeAsync();
        await using var _ = server;
        using var __ = http;
        var now = await AskAsync(http, new { customer = "c9" });
        Assert.Equal((await AskAsync(http, new { customer = "c9", at = "2026-02-01T00:00:00Z" })).ToString(), now.ToString());
        // 90 days later nothing that is known counts
        _clock.Now = _clock.Now.AddDays(200);
        Assert.Equal("customers", (await AskAsync(http, new { customer = "c9" })).GetProperty("missing_views")[0].GetString());
        Assert.Equal("customers", (await AskAsync(http, new { at = "2026-02-01T00:00:00Z" })).GetProperty("missing_views")[0].GetString());

        _clock.Now = _clock.Now.AddDays(-200);
        await server.RefreshAsync(Cancel);
        Assert.Empty(_said);
        await _lake.WriteAsync("curated/shop/orders", "SELECT customer, ordered_at, 1.0::DOUBLE AS amount FROM (VALUES ('c9', TIMESTAMP '2026-01-20'), ('new', TIMESTAMP '2026-01-20')) t(customer, ordered_at)", append: true);
        await RunAsync("features", "materialize");
        await server.RefreshAsync(Cancel);
        Assert.Equal("`ml/features/customers@1` is looked up now", Assert.Single(_said));
        Assert.False((await AskAsync(http, new { customer = "new" })).TryGetProperty("missing_views", out var _));
    }

    [Fact]
    public async Task Serve_WrongRowsAndViewsOfAnotherDefinitionOrNone_AreRefused()
    {
        var (server, http) = await ServeAsync();
        await using var _ = server;
        using var __ = http;
        foreach (var (body, expected) in new[]
        {
            ("""{"customer": 9}""", "`customer` is the number 9, not a text"),
            ("""{"customer": "c9", "customers__orders": 5}""", "`customers__orders` is looked up in view `customers`: send `customer`"),
            ("""{"customer": "c9", "at": "soon"}""", "`at` is the text \"soon\", not a time"),
            ("""{"custommer": "c9"}""", "`custommer` is not a column of the model"),
        })
        {
            var response = await http.PostAsync("/predict", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
            Assert.Equal(422, (int)response.StatusCode);
            Assert.StartsWith(expected, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("details")[0].GetString(), StringComparison.Ordinal);
        }
        Define(FeaturesCommandTests.Customers.Replace("avg(", "max(", StringComparison.Ordinal));
        await RunAsync("features", "materialize");
        var refused = await MlProcess.RunAsync("serve", "--model", "churned", "--port", "0", "--bucket", _lake.Bucket);
        Assert.Equal((3, true), (refused.ExitCode, refused.Error.Contains("`features.customers` was materialised from another definition", StringComparison.Ordinal)));
        // one that answers already goes on with what it has
        await server.RefreshAsync(Cancel);
        Assert.Contains("was materialised from another definition", Assert.Single(_said), StringComparison.Ordinal);
        Assert.False((await AskAsync(http, new { customer = "c9" })).TryGetProperty("missing_views", out var _));
        await _lake.Store.DeleteAsync(await _lake.KeysAsync("ml/features/"), Cancel);
        var none = await MlProcess.RunAsync("serve", "--model", "churned", "--port", "0", "--bucket", _lake.Bucket);
        Assert.Equal((3, true), (none.ExitCode, none.Error.Contains("hint: ml features materialize customers", StringComparison.Ordinal)));
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
