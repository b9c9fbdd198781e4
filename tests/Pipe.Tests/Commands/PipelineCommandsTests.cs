using System.Text.Json;
using DataSpoc.Contracts.Layout;

namespace Pipe.Tests.Commands;

/// <summary>Pipelines of a project: run, looked at, and those of DataSpoc 1.0 as they are.</summary>
public sealed class PipelineCommandsTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Ingest_All_RunsEveryPipeline_AndOneThatFailsKeepsNoOtherFromIt()
    {
        Project();
        var run = await _lake.RunAsync("ingest --all -o json");
        Assert.Equal(1, run.ExitCode);
        using var rows = JsonDocument.Parse(run.Output);
        Assert.Equal(["broken failed", "items success", "orders success"], rows.RootElement.EnumerateArray().Select(row => $"{row.GetProperty("pipeline").GetString()} {row.GetProperty("status").GetString()}"));
        Assert.Equal(["1"], _lake.Rows("select count(*) from $files", "raw/shop/orders"));
        Assert.Contains("there is no file", rows.RootElement[0].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderOfDataSpoc10_LoadsUnchanged()
    {
        _lake.Write("tap.sh", """
            #!/bin/sh
            grep -q '"url": "there"' "$2" || exit 7
            echo '{"type":"SCHEMA","stream":"orders","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}'
            echo '{"type":"RECORD","stream":"orders","record":{"id":1}}'
            echo '{"type":"STATE","value":{"n":1}}'
            """);
        _lake.Write(".dataspoc-pipe/config.yaml", "# DataSpoc Pipe — global configuration\n\ndefaults:\n  compression: zstd\n  partition_by: _extraction_date\n");
        _lake.Write(".dataspoc-pipe/sources/Sales.json", """{"url": "there"}""");
        _lake.Write(".dataspoc-pipe/transforms/other.py", "def transform(df): return df");
        _lake.Write(".dataspoc-pipe/pipelines/Sales.yaml", $"""
            source:
              tap: sh {_lake.Folder}/tap.sh
              config: ~/.dataspoc-pipe/sources/Sales.json
            destination:
              bucket: {_lake.Bucket}
              path: raw
              partition_by: _extraction_date
              compression: zstd
            incremental:
              enabled: true
            schedule:
              cron: 0 */6 * * *
            """);
        await _lake.DoAsync("run Sales");
        Assert.Equal(["1"], _lake.Rows("select id from $files", "raw/tap/orders"));
        Assert.Equal(["Sales success"], (await Rows("status -o json")).Select(row => $"{row.GetProperty("pipeline")} {row.GetProperty("status")}"));
        Assert.Single(await Rows("logs Sales -o json"));
        Assert.Equal(["Sales 0 */6 * * *"], (await Rows("schedule list -o json")).Select(row => $"{row.GetProperty("pipeline")} {row.GetProperty("cron")}"));
        await _lake.DoAsync("run _ --all");
        Assert.Equal(["2"], _lake.Rows("select count(*) from $files", "raw/tap/orders"));
        Assert.Equal(1, (await _lake.SnapshotAsync("tap", "orders", Layer.Raw))!.Version);
    }

    [Theory]
    [InlineData("ingest", "it is not said what is to be ingested")]
    [InlineData("ingest --all orders", "`--all` runs all pipelines")]
    [InlineData("ingest --all", "there are no pipelines here")]
    public async Task Commands_WithNothingToRun_SayWhatToDo(string line, string said)
    {
        var run = await _lake.RunAsync(line);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Contains("hint:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_GivenUpBeforeItWroteAnything_LeavesNoStagingFolder()
    {
        await _lake.RunAsync("ingest - --source shop --to $B", "garbage\n");
        var staging = Directory.EnumerateDirectories(Path.Combine(_lake.Folder, "lake"), "staging", SearchOption.AllDirectories).SelectMany(Directory.EnumerateDirectories).Select(Path.GetFileName);
        Assert.Equal(["put"], staging);
    }

    private void Project()
    {
        _lake.Write("pipe.yaml", $"bucket: {_lake.Bucket}");
        _lake.Write("orders.csv", "id\n1\n");
        _lake.Write("items.csv", "id\n1\n");
        _lake.Write("pipelines/orders.yaml", "source: {files: [./orders.csv], name: shop, table: orders}\nschedule: {cron: \"0 6 * * *\"}");
        _lake.Write("pipelines/items.yaml", "source: {files: [./items.csv], name: shop, table: items}");
        _lake.Write("pipelines/broken.yaml", "source: {files: [./missing.csv], name: shop, table: missing}");
    }

    private async Task<IReadOnlyList<JsonElement>> Rows(string line)
    {
        var run = await _lake.DoAsync(line);
        using var json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.EnumerateArray().Select(row => row.Clone())];
    }
}
