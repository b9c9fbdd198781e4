using System.Text.Json;
using Pipe.Tests.Sources.Sqlite;

namespace Pipe.Tests.Commands;

/// <summary>Making a pipeline and looking at its source, before anything is written.</summary>
public sealed class LookingTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public LookingTests()
    {
        _lake.Write("pipe.yaml", $"bucket: {_lake.Bucket}");
        _lake.Write("orders.csv", "id,placed,amount\n1,2026-01-31,12.50\n2,2026-02-01,3\n3,,\n");
        _lake.Write("tap-shop", """
            #!/bin/sh
            case "$*" in
            *--about*) echo '{"name":"tap-shop","settings":{"required":["url","api_token"],"properties":{"url":{"type":"string"},"api_token":{"type":"string"},"page":{"type":"integer","default":50}}}}'; exit;;
            *--discover*) echo '{"streams":[{"tap_stream_id":"orders","stream":"orders","key_properties":["id"],"schema":{"type":"object","properties":{"id":{"type":"integer"},"note":{"type":["null","string"]}}},"metadata":[]}]}'; exit;;
            esac
            echo '{"type":"SCHEMA","stream":"orders","schema":{"properties":{"id":{"type":"integer"},"note":{"type":["null","string"]}}},"key_properties":["id"]}'
            cat "$2" | tr -d '\n' | sed 's/"/\\"/g; s/.*/{"type":"RECORD","stream":"orders","record":{"id":1,"note":"&"}}/'; echo
            echo '{"type":"RECORD","stream":"orders","record":{"id":2,"note":null}}'
            echo '{"type":"STATE","value":{"bookmarks":{"orders":{"id":2}}}}'
            """);
    }

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Discover_AFile_TellsColumnsAndSize()
    {
        var stream = Assert.Single(await Rows("discover ./orders.csv -o json"));
        Assert.Equal("""{"id":"BIGINT","placed":"DATE","amount":"DOUBLE"}""", stream.GetProperty("columns").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(new FileInfo(Path.Combine(_lake.Folder, "orders.csv")).Length, stream.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task Preview_AFile_ShowsRowsAndWritesNothing()
    {
        var shown = await _lake.DoAsync("preview ./orders.csv --rows 2 -o csv");
        Assert.Equal("id,placed,amount\n1,2026-01-31,12.5\n2,2026-02-01,3.0\n", shown.Output.Replace("2,2026-02-01,3\n", "2,2026-02-01,3.0\n", StringComparison.Ordinal));
        Assert.Contains("`raw.files_orders`: id BIGINT, placed DATE, amount DOUBLE", shown.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, "lake")));
    }

    [Fact]
    public async Task Add_ATap_AsksIt_AndThePipelineIsDiscoveredPreviewedAndValidated()
    {
        var added = await _lake.DoAsync($"add shop --tap sh||{_lake.Folder}/tap-shop --config url=https://shop.example --incremental --cron 0||6||*||*||*");
        Assert.Contains("the source has 1 stream: `orders`", added.Error, StringComparison.Ordinal);
        Assert.Equal($"source:\n  tap: \"sh {_lake.Folder}/tap-shop\"\n  config:\n    url: \"https://shop.example\"\nincremental:\n  enabled: true\nschedule:\n  cron: \"0 6 * * *\"\n", await File.ReadAllTextAsync(Path.Combine(_lake.Folder, "pipelines/shop.yaml"), TestContext.Current.CancellationToken));
        var stream = Assert.Single(await Rows("discover shop -o json"));
        Assert.Equal(("orders", "id"), (stream.GetProperty("stream").GetString(), stream.GetProperty("key").GetString()));
        var preview = Assert.Single(await Rows("preview shop -o json"));
        Assert.Equal("BIGINT", preview.GetProperty("columns").GetProperty("id").GetString());
        Assert.Equal(2, preview.GetProperty("rows").GetArrayLength());
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, "lake")));
        Assert.Equal(["configuration ok", "source ok", "bucket ok"], (await Rows("validate -o json")).Select(row => $"{row.GetProperty("check").GetString()} {row.GetProperty("status").GetString()}"));
        Assert.Equal("everything", Assert.Single(await Rows("ingest shop --dry-run -o json")).GetProperty("from").GetString());
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, "lake/raw")));
        await _lake.DoAsync("ingest shop");
        Assert.Equal("""{"id":2}""", Assert.Single(await Rows("ingest shop --dry-run -o json")).GetProperty("from").GetString());
        await _lake.DoAsync("ingest shop --since 2026-01-31");
        Assert.Contains("2026-01-31T00:00:00Z", string.Concat(_lake.Rows("select note from $files where note is not null", "raw/shop/orders")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_AtATerminal_Asks()
    {
        _lake.Answers = new(["files", "./orders.csv", "shop", "orders", "", ""]);
        await _lake.DoAsync("add orders");
        await _lake.DoAsync("ingest orders");
        Assert.Equal(["3"], _lake.Rows("select count(*) from $files", "raw/shop/orders"));
    }

    [Fact]
    public async Task Add_ATapThatTellsItsSettings_TakesThemAsTemplate()
    {
        var text = await _lake.DoAsync($"add shop --tap sh||{_lake.Folder}/tap-shop --dry-run");
        Assert.Contains("""api_token: "${SH_API_TOKEN}""", text.Output, StringComparison.Ordinal);
        Assert.Contains("page: 50", text.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, "pipelines")));
    }

    [Fact]
    public async Task Ingest_ADatabaseSince_BeginsThere_AndGoesOnBehind()
    {
        SqliteFile.Execute(Path.Combine(_lake.Folder, "shop.db"), "create table orders (id integer primary key, seen integer); insert into orders values (1, 10), (2, 20), (3, 30)");
        _lake.Write("pipelines/db.yaml", "source: {sqlite: ./shop.db, name: shop}\nincremental: {enabled: true, cursor: seen}");
        await _lake.DoAsync("ingest db --since 15");
        Assert.Equal(["2", "3"], _lake.Rows("select id from $files order by id", "raw/shop/orders"));
        await _lake.DoAsync("ingest db");
        Assert.Equal(["2", "3"], _lake.Rows("select id from $files order by id", "raw/shop/orders"));
        Assert.Equal(["id BIGINT, seen BIGINT"], [string.Join(", ", (await Rows("discover sqlite:shop.db -o json"))[0].GetProperty("columns").EnumerateObject().Select(column => $"{column.Name} {column.Value}"))]);
        Assert.Equal(3, (await Rows("preview sqlite:shop.db -o json"))[0].GetProperty("rows").GetArrayLength());
    }

    [Theory]
    [InlineData("add ../x --files a.csv", "pipeline")]
    [InlineData("add x", "it is not said where the pipeline reads from")]
    [InlineData("add x --files a.csv --sqlite b.db", "a pipeline reads from one source")]
    [InlineData("add x --tap tap-x --config novalue", "is not key=value")]
    [InlineData("add x --files a.csv --to gs://bucket", "scheme")]
    [InlineData("discover -", "stdin can only be ingested")]
    [InlineData("discover nothing", "there is no `pipelines/nothing.yaml`")]
    [InlineData("ingest ./orders.csv --to $B --since yesterday", "`yesterday` is no date or time")]
    public async Task Commands_WithWrongArguments_SayWhat(string line, string said)
    {
        var run = await _lake.RunAsync(line);
        Assert.True(run.ExitCode == 2 && run.Error.Contains(said, StringComparison.Ordinal), $"{run.ExitCode}\n{run.Error}");
    }

    [Fact]
    public async Task Validate_WhatIsBroken_SaysEachAndFails()
    {
        _lake.Write("pipelines/gone.yaml", "source: {tap: tap-that-is-not-there}\ndestination: {bucket: \"file:///proc/nothing\"}");
        _lake.Write("pipelines/typo.yaml", "source: {tapp: x}");
        _lake.Write("pipelines/when.yaml", "source: {files: [./orders.csv]}\nschedule: {cron: \"61 * * * *\"}");
        var run = await _lake.RunAsync("validate -o json");
        Assert.NotEqual(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(["gone configuration ok", "gone source failed", "gone bucket failed", "typo configuration failed", "when configuration failed", "when source ok", "when bucket ok"],
            json.RootElement.EnumerateArray().Select(row => $"{row.GetProperty("pipeline").GetString()} {row.GetProperty("check").GetString()} {row.GetProperty("status").GetString()}"));
    }

    [Fact]
    public async Task Init_MakesAProject_OnlyOnce()
    {
        await _lake.DoAsync("init ./new --to s3://company-bronze");
        Assert.Contains("bucket: \"s3://company-bronze\"", await File.ReadAllTextAsync(Path.Combine(_lake.Folder, "new/pipe.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("stays as it is", (await _lake.DoAsync("init ./new")).Error, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<JsonElement>> Rows(string line)
    {
        using var json = JsonDocument.Parse((await _lake.DoAsync(line)).Output);
        return [.. json.RootElement.EnumerateArray().Select(row => row.Clone())];
    }
}
