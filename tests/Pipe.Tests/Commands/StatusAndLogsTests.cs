using System.Text.Json.Nodes;

namespace Pipe.Tests.Commands;

/// <summary><c>pipe status</c> and <c>pipe logs</c>: what the bucket tells of its runs.</summary>
public sealed class StatusAndLogsTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public StatusAndLogsTests()
    {
        _lake.Write("orders.csv", "id,amount\n1,2.5\n2,3.5\n");
        _lake.Write("pipelines/orders.yaml", $"source: {{files: [./orders.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\nschedule: {{cron: \"15 3 * * *\"}}\n");
    }

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Status_OfAProject_TellsEveryPipeline()
    {
        _lake.Write("pipelines/new.yaml", $"source: {{files: [./orders.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\n");
        _lake.Write("pipelines/failing.yaml", $"source: {{files: [./ragged.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\n");
        _lake.Write("ragged.csv", "id,amount\n1\n2,3,4\n");
        _lake.Write("pipelines/secret.yaml", "source: {tap: tap-x, config: {token: \"${NOT_SET_ANYWHERE}\"}}\n");
        await _lake.DoAsync("ingest orders");
        Assert.Equal(1, (await _lake.RunAsync("ingest failing")).ExitCode);
        var status = JsonNode.Parse((await _lake.DoAsync("status -o json")).Output)!.AsArray().ToDictionary(row => (string)row!["pipeline"]!, row => row!);
        Assert.Equal(["failing", "new", "orders", "secret"], status.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("success", (string?)status["orders"]["status"]);
        Assert.Equal(2, (int?)status["orders"]["rows"]);
        Assert.NotNull(status["orders"]["next_run"]);
        Assert.Equal("never run", (string?)status["new"]["status"]);
        Assert.Equal("failed", (string?)status["failing"]["status"]);
        Assert.Contains("ragged.csv", (string?)status["failing"]["error"], StringComparison.Ordinal);
        Assert.Equal("misconfigured", (string?)status["secret"]["status"]);
        Assert.Contains("NOT_SET_ANYWHERE", (string?)status["secret"]["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_OfABucket_TellsWhateverRanThere()
    {
        await _lake.DoAsync("ingest orders");
        await _lake.DoAsync("ingest ./orders.csv --to $B --table other/orders");
        await _lake.DoAsync("ingest - --source shop --to $B", """
            {"type":"SCHEMA","stream":"a","schema":{"properties":{"n":{"type":"integer"}}},"key_properties":[]}
            {"type":"RECORD","stream":"a","record":{"n":1}}
            """);
        var lines = (await _lake.DoAsync("status --bucket $B -o csv")).Output.TrimEnd().Split('\n');
        Assert.Equal(["orders,success", "other_orders,success", "shop,success"], lines[1..].Select(line => string.Join(',', line.Split(',').Take(2))));
    }

    [Fact]
    public async Task Logs_OfAPipeline_AreTheNewestFirst()
    {
        await _lake.DoAsync("ingest orders");
        _lake.Write("orders.csv", "id,amount\n1,2.5\n2,3.5\n3,4\n");
        Assert.Equal(3, (await _lake.RunAsync("ingest orders")).ExitCode);
        await _lake.DoAsync("ingest orders --full");
        var runs = JsonNode.Parse((await _lake.DoAsync("logs orders -o json")).Output)!.AsArray();
        Assert.Equal(["success", "failed", "success"], runs.Select(run => (string)run!["status"]!));
        Assert.Equal(3, (int)runs[0]!["rows"]!);
        Assert.Single(JsonNode.Parse((await _lake.DoAsync("logs orders --limit 1 -o json")).Output)!.AsArray());
        var streams = JsonNode.Parse((await _lake.DoAsync($"logs orders --run {runs[2]!["run_id"]} -o json")).Output)!.AsArray();
        Assert.Equal(2, (int)streams[0]!["rows"]!);
        Assert.Equal("orders", (string)streams[0]!["stream"]!);
    }

    [Fact]
    public async Task Logs_OfAPipelineThatNeverRan_NamesTheNearest()
    {
        await _lake.DoAsync("ingest orders");
        var run = await _lake.RunAsync("logs order --bucket $B");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("did you mean `orders`?", run.Error, StringComparison.Ordinal);
    }
}
