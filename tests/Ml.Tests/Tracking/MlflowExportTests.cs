using System.Net;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Ml.Tests.Tracking;

/// <summary>Against a stand-in for a tracking server that checks what its documentation asks for.</summary>
public sealed class MlflowExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private sealed class StandIn : IAsyncDisposable
    {
        private readonly WebApplication _app;

        public StandIn()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            _app = builder.Build();
            _app.Run(AnswerAsync);
        }

        public List<string> Calls { get; } = [];

        public List<string> Faults { get; } = [];

        public Dictionary<string, double> Figures { get; } = [];

        public string Address => _app.Urls.First();

        public Task StartAsync() => _app.StartAsync(Cancel);

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();

        private async Task AnswerAsync(HttpContext http)
        {
            var path = http.Request.Path.Value!.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal);
            Calls.Add($"{http.Request.Method} {path}");
            if (http.Request.Headers.Authorization != "Bearer secret")
                Faults.Add("no token");
            if (path == "experiments/get-by-name")
            {
                await SendAsync(http, Calls.Any(c => c.EndsWith("experiments/create", StringComparison.Ordinal)) ? 200 : 404, """{"experiment": {"experiment_id": "7"}, "error_code": "RESOURCE_DOES_NOT_EXIST"}""");
                return;
            }
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: Cancel);
            var root = body.RootElement;
            var (required, answer) = path switch
            {
                "experiments/create" => (new[] { "name" }, """{"experiment_id": "7"}"""),
                "runs/create" => (["experiment_id", "start_time"], """{"run": {"info": {"run_id": "abc"}}}"""),
                "runs/log-batch" => (["run_id", "metrics", "params"], "{}"),
                "runs/update" => (["run_id", "status", "end_time"], "{}"),
                "registered-models/create" => (["name"], """{"registered_model": {}}"""),
                "model-versions/create" => (["name", "source", "run_id"], """{"model_version": {"version": "1"}}"""),
                _ => (["a path that exists"], ""),
            };
            Faults.AddRange(required.Where(member => !root.TryGetProperty(member, out _)).Select(member => $"{path} without {member}"));
            if (path == "runs/log-batch")
                foreach (var figure in root.GetProperty("metrics").EnumerateArray())
                    Figures[figure.GetProperty("key").GetString()!] = figure.GetProperty("value").GetDouble() + (0 * figure.GetProperty("timestamp").GetInt64()) + figure.GetProperty("step").GetInt64();
            var again = path == "registered-models/create" && Calls.Count(c => c == $"POST {path}") > 1;
            await SendAsync(http, again ? 400 : 200, again ? """{"error_code": "RESOURCE_ALREADY_EXISTS", "message": "it exists"}""" : answer);
        }

        private static Task SendAsync(HttpContext http, int status, string json)
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(json, Cancel);
        }
    }

    private static async Task<NewVersion> TrainedAsync(Lake lake)
    {
        await lake.WriteAsync("raw/shop/t", "SELECT hash('w' || i) % 100 AS weight, hash('w' || i) % 100 > 60 AS late FROM range(300) t(i)");
        await MlProcess.SucceedAsync("train", "--from", "raw.shop_t", "--target", "late", "--keep", "weight", "--bucket", lake.Bucket, "--rounds", "5", "--trials", "1", "-q");
        var model = await new ModelCatalog(lake.Store).DescribeAsync("late", 1, Cancel);
        return new(model.Run, model.Features, model.Metrics, []);
    }

    private static HttpClient Client(string address) => MlflowExport.Client(name => name switch { MlflowExport.Variable => address, "MLFLOW_TRACKING_TOKEN" => "secret", _ => null })!;

    [Fact]
    public async Task TellAsync_Twice_FollowsTheProtocolAndReusesTheExperiment()
    {
        await using var lake = Lake.OnDisk();
        var version = await TrainedAsync(lake);
        await using var server = new StandIn();
        await server.StartAsync();
        using var http = Client(server.Address);
        Assert.Equal("abc", await new MlflowExport(http).TellAsync(version, "s3://b/ml/models/late/versions/1", Cancel));
        await new MlflowExport(http).TellAsync(version, "s3://b/ml/models/late/versions/1", Cancel);
        Assert.Empty(server.Faults);
        Assert.Equal(
            ["GET experiments/get-by-name", "POST experiments/create", "POST runs/create", "POST runs/log-batch", "POST runs/update", "POST registered-models/create", "POST model-versions/create"], server.Calls.Take(7));
        Assert.DoesNotContain("POST experiments/create", server.Calls.Skip(7));
        Assert.Equal(version.Metrics.Holdout["auc"], server.Figures["holdout_auc"]);
    }

    [Fact]
    public async Task TellAsync_ServerThatIsNotThere_SaysSo()
    {
        await using var lake = Lake.OnDisk();
        var version = await TrainedAsync(lake);
        using var http = Client("http://127.0.0.1:1");
        var error = await Assert.ThrowsAsync<UserError>(() => new MlflowExport(http).TellAsync(version, "s3://b", Cancel));
        Assert.Equal("the MLflow server was not told", error.What);
        Assert.DoesNotContain(error.Where, w => w.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Client_WithoutVariable_IsNone()
    {
        Assert.Null(MlflowExport.Client(static _ => null));
        Assert.Equal(ExitCode.Usage, Assert.Throws<UserError>(() => MlflowExport.Client(static name => name == MlflowExport.Variable ? "file:///mlruns" : null)).ExitCode);
    }
}
