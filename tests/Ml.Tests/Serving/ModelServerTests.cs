using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Promotion;
using DataSpoc.Ml.Serving;
using Xunit;

namespace Ml.Tests.Serving;

/// <summary>A model behind a real port.</summary>
public sealed class ModelServerTests : IAsyncLifetime
{
    private const string Orders = """
        SELECT i AS order_id, hash('w' || i) % 100 AS weight, ['north', 'south', NULL][1 + (hash('r' || i) % 3)::INTEGER] AS region, TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (i % 300) HOUR AS at,
               hash('f' || i) % 2 = 0 AS fragile, hash('w' || i) % 100 + hash('z' || i) % 30 > 60 AS late
        FROM range(1000) t(i)
        """;

    private readonly Lake _lake = Lake.OnDisk();
    private readonly List<string> _said = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _lake.WriteAsync("raw/shop/orders", Orders);
        await TrainAsync();
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    private Task TrainAsync(params string[] more) => MlProcess.SucceedAsync(
        ["train", "--from", "raw.shop_orders", "--target", "late", "--bucket", _lake.Bucket, "--rounds", "30", "--trials", "1", "--keep", "weight", "-q", .. more]);

    private async Task<(ModelServer Server, HttpClient Http)> ServeAsync(string model = "late", string? shadow = null, ServingLimits? limits = null, bool log = false)
    {
        var catalog = new ModelCatalog(_lake.Store);
        var server = await ModelServer.StartAsync(
            new(catalog, ModelReference.Parse(model), 1), shadow is null ? null : new(catalog, ModelReference.Parse(shadow), 1), new(IPAddress.Loopback, 0), limits ?? new(), Say, TimeProvider.System, Cancel,
            log ? new(_lake.Store, "late", "test 0", TimeProvider.System) : null);
        return (server, new() { BaseAddress = new(server.Address) });
    }

    private void Say(string line)
    {
        lock (_said)
            _said.Add(line);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    [Fact]
    public async Task Predict_RowsOfATable_AnswersWhatPredictWrote()
    {
        await MlProcess.SucceedAsync("predict", "--model", "late", "--from", "raw.shop_orders", "--columns", "weight,region,at,fragile", "--bucket", _lake.Bucket);
        var rows = _lake.Query("ml/predictions/late", "SELECT weight::BIGINT, region, strftime(\"at\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), fragile, prediction::VARCHAR, probability FROM {0} ORDER BY order_id LIMIT 200");
        var (server, http) = await ServeAsync();
        await using var _ = server;
        using var __ = http;
        var body = rows.Select(r => new Dictionary<string, object?> { ["weight"] = r[0], ["region"] = r[1], ["at"] = r[2], ["fragile"] = r[3] }).ToArray();
        using var many = JsonDocument.Parse(await (await http.PostAsJsonAsync("/predict", body, Cancel)).Content.ReadAsStringAsync(Cancel));
        var alone = await Task.WhenAll(body.Select(async row => JsonDocument.Parse(await (await http.PostAsJsonAsync("/predict", row, Cancel)).Content.ReadAsStringAsync(Cancel))));
        for (var i = 0; i < rows.Count; i++)
            foreach (var answer in new[] { many.RootElement[i], alone[i].RootElement })
            {
                Assert.Equal(rows[i][4], answer.GetProperty("prediction").GetString());
                Assert.Equal((float)rows[i][5]!, answer.GetProperty("probability").GetSingle());
            }
        var metrics = await http.GetStringAsync("/metrics", Cancel);
        Assert.Contains("ml_request_duration_seconds_count 201", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_WithExplanation_AddsUp()
    {
        var (server, http) = await ServeAsync();
        await using var _ = server;
        using var __ = http;
        using var answer = JsonDocument.Parse(await (await http.PostAsync("/predict?explain=true", Json("""{"weight": 90, "region": "mars", "order_id": 5}"""), Cancel)).Content.ReadAsStringAsync(Cancel));
        var probability = answer.RootElement.GetProperty("probability").GetDouble();
        Assert.Equal(Math.Log(probability / (1 - probability)), answer.RootElement.GetProperty("explanation").EnumerateObject().Sum(p => p.Value.GetDouble()), 3);
    }

    [Theory]
    [InlineData("""{"weight": "heavy"}""", 422, "`weight` is the text \\u0022heavy\\u0022, not a number")]
    [InlineData("""{"wieght": 5}""", 422, "did you mean `weight`?")]
    [InlineData("""{"weight": {"$gt": 0}}""", 422, "`weight` is an object")]
    [InlineData("""{"region": 5, "fragile": "yes", "at": "soon"}""", 422, "`fragile` is the text")]
    [InlineData("""[{"weight": 5}, 7]""", 422, "row 1 does not fit the model")]
    [InlineData("""{"weight": 5""", 400, "is not JSON")]
    [InlineData("", 400, "is not JSON")]
    [InlineData("null", 422, "a row is an object, not null")]
    [InlineData("""{"weight": NaN}""", 400, "is not JSON")]
    public async Task Predict_WrongRows_AreRefusedAndSayWhy(string body, int status, string expected)
    {
        var (server, http) = await ServeAsync();
        await using var _ = server;
        using var __ = http;
        var response = await http.PostAsync("/predict", Json(body), Cancel);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(expected, (await response.Content.ReadAsStringAsync(Cancel)).Replace("\\u0060", "`", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_HostileBodies_AreRefusedAndTheNextRequestIsAnswered()
    {
        var (server, http) = await ServeAsync();
        await using var _ = server;
        using var __ = http;
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync("/predict", Json(new string('[', 1_000_000)), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync("/predict", new ByteArrayContent([0xFF, 0xFE, 0, 1]), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.PostAsync("/predict", Json("[" + string.Join(",", Enumerable.Repeat("{}", 10_001)) + "]"), Cancel)).StatusCode);
        try
        {
            // the server may close the connection while the rest is still being sent
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.PostAsync("/predict", new ByteArrayContent(new byte[100 << 20]), Cancel)).StatusCode);
        }
        catch (HttpRequestException)
        {
        }
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("/predict", Json("""{"weight": 5}"""), Cancel)).StatusCode);
        Assert.Equal("[]", await (await http.PostAsync("/predict", Json("[]"), Cancel)).Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Refresh_WhenTheAliasMoves_AnswersByTheNewVersionWithoutAFailure()
    {
        await TrainAsync("--seed", "9");
        var promotion = new ModelPromotion(_lake.Store, TimeProvider.System);
        await promotion.PromoteAsync("late", 1, "staging", null, "t", false, Cancel);
        var (server, http) = await ServeAsync("late@staging");
        await using var _ = server;
        using var __ = http;
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var versions = new HashSet<int>();
            do
            {
                var response = await http.PostAsync("/predict", Json("""{"weight": 5}"""), Cancel);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
                versions.Add(answer.RootElement.GetProperty("model_version").GetInt32());
            }
            while (!stop.IsCancellationRequested || !versions.Contains(2));
            return versions;
        })).ToArray();
        await promotion.PromoteAsync("late", 2, "staging", null, "t", false, Cancel);
        await server.RefreshAsync(Cancel);
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(asking), versions => Assert.Contains(2, versions));
        Assert.Contains("`late@2` answers now", _said);
    }

    [Fact]
    public async Task Shadow_OtherVersion_IsLoggedAndNotServed()
    {
        await TrainAsync("--exclude", "weight");
        var (server, http) = await ServeAsync("late@1", "late@2");
        await using var _ = server;
        using var __ = http;
        using var answer = JsonDocument.Parse(await (await http.PostAsync("/predict", Json("""{"weight": 5}"""), Cancel)).Content.ReadAsStringAsync(Cancel));
        Assert.Equal(1, answer.RootElement.GetProperty("model_version").GetInt32());
        Assert.Contains(_said, line => line.StartsWith("shadow late@2 answers ", StringComparison.Ordinal));
        Assert.Contains("ml_shadow_answers_total 1", await http.GetStringAsync("/metrics", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfAnsweredRows_IsATableThatDriftTakes()
    {
        var (server, http) = await ServeAsync(log: true);
        using var __ = http;
        var rows = _lake.Query("raw/shop/orders", "SELECT weight::BIGINT, region, strftime(\"at\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), fragile FROM {0} ORDER BY order_id LIMIT 300");
        var body = rows.Select(r => new Dictionary<string, object?> { ["weight"] = r[0], ["region"] = r[1], ["at"] = r[2], ["fragile"] = r[3] }).ToArray();
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsJsonAsync("/predict", body, Cancel)).StatusCode);
        await server.FlushLogAsync(Cancel);
        Assert.Contains("ml_logged_rows_total 300", await http.GetStringAsync("/metrics", Cancel), StringComparison.Ordinal);
        var answer = await http.PostAsync("/predict", Json("""{"weight": 5, "at": "2026-01-02T03:04:05+01:00", "order_id": 1}"""), Cancel);
        Assert.Equal(422, (int)(await http.PostAsync("/predict", Json("""{"weight": "heavy"}"""), Cancel)).StatusCode);
        // what waits is written when the server ends
        await server.DisposeAsync();
        Assert.Equal([301L, 2L], _lake.Query("ml/monitoring/late_requests", "SELECT count(*), count(DISTINCT filename) FROM (SELECT *, filename FROM {0})")[0]);
        var last = _lake.Query("ml/monitoring/late_requests", "SELECT weight, region, strftime(\"at\" AT TIME ZONE 'UTC', '%H:%M:%S'), fragile, prediction, probability, model_version FROM {0} ORDER BY answered_at DESC LIMIT 1")[0];
        using var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal([5.0, null, "02:04:05", null, said.RootElement.GetProperty("prediction").GetString(), said.RootElement.GetProperty("probability").GetSingle(), 1], last);
        await MlProcess.SucceedAsync("drift", "--model", "late", "--from", "monitoring.late_requests", "--bucket", _lake.Bucket);
        Assert.Empty(_said);
    }

    [Fact]
    public async Task Pages_OfAServer_Describe()
    {
        var (server, http) = await ServeAsync();
        await using var _ = server;
        using var __ = http;
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz", Cancel));
        Assert.Equal("ok\n", await http.GetStringAsync("/readyz", Cancel));
        using var api = JsonDocument.Parse(await http.GetStringAsync("/openapi.json", Cancel));
        Assert.Equal("date-time", api.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Row").GetProperty("properties").GetProperty("at").GetProperty("format").GetString());
        using var models = JsonDocument.Parse(await http.GetStringAsync("/models", Cancel));
        Assert.Equal("late", models.RootElement.GetProperty("model").GetString());
        Assert.StartsWith("http://127.0.0.1:", server.Address, StringComparison.Ordinal);
    }
}
