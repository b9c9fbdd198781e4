using System.Text;

namespace Pipe.Tests.Commands;

/// <summary><c>… | pipe ingest -</c>: streams become tables, bookmarks are repeated when they are safe.</summary>
public sealed class IngestSingerTests : IDisposable
{
    private const string Orders = """{"type":"SCHEMA","stream":"Orders","schema":{"properties":{"id":{"type":"integer"},"amount":{"type":"number","multipleOf":0.01}}},"key_properties":["id"]}""";
    private const string Items = """{"type":"SCHEMA","stream":"items","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}""";
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Ingest_Stdin_AppendsAndRepeatsTheLastBookmark()
    {
        await _lake.DoAsync("ingest - --source shop --to $B", Lines(Orders, """{"type":"RECORD","stream":"Orders","record":{"id":1,"amount":1.10}}""", """{"type":"STATE","value":{"n":1}}"""));
        var second = await _lake.DoAsync("ingest - --source shop --to $B", Lines(Orders, """{"type":"RECORD","stream":"Orders","record":{"id":2,"amount":2.20}}""", """{"type":"STATE","value":{"n":2}}"""));
        Assert.Equal("{\"n\":2}\n", second.Output);
        Assert.Equal(["1|1.10", "2|2.20"], _lake.Rows("select id, amount from $files order by id", "raw/shop/orders"));
        Assert.Equal("{\"n\":2}", await File.ReadAllTextAsync(Path.Combine(_lake.Folder, "lake/.dataspoc/state/shop/state.json"), TestContext.Current.CancellationToken));
        Assert.Equal("Orders", (await Manifest()).Split("\"source_name\": \"")[1].Split('"')[0]);
    }

    [Fact]
    public async Task Ingest_OneStreamFails_TheOthersAndTheirBookmarksAreCommitted()
    {
        await _lake.DoAsync("ingest - --source shop --to $B", Lines(Orders, Items, """{"type":"STATE","value":{"bookmarks":{"Orders":{"n":0},"items":{"n":0}}}}"""));
        var run = await _lake.RunAsync("ingest - --source shop --to $B", Lines(
            Orders, Items,
            """{"type":"RECORD","stream":"Orders","record":{"id":1,"amount":"12,50"}}""",
            """{"type":"RECORD","stream":"items","record":{"id":1}}""",
            """{"type":"STATE","value":{"bookmarks":{"Orders":{"n":1},"items":{"n":1}}}}"""));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("12,50", run.Error, StringComparison.Ordinal);
        Assert.Equal("{\"bookmarks\":{\"items\":{\"n\":1},\"Orders\":{\"n\":0}}}\n", run.Output);
        Assert.Equal(0, (await _lake.SnapshotAsync("shop", "orders"))!.Rows);
        Assert.Equal(1, (await _lake.SnapshotAsync("shop", "items"))!.Rows);
    }

    [Fact]
    public async Task Ingest_ALineThatIsNoMessage_CommitsNothing()
    {
        var run = await _lake.RunAsync("ingest - --source shop --to $B", Lines(Orders, """{"type":"RECORD","stream":"Orders","record":{"id":1}}""", "garbage"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("line 3", run.Error, StringComparison.Ordinal);
        Assert.Null(await _lake.SnapshotAsync("shop", "orders"));
    }

    [Fact]
    public async Task Ingest_FieldsThatAreNotDeclared_BecomeColumnsAndAreSaid()
    {
        var run = await _lake.DoAsync("ingest - --source shop --to $B", Lines(Items, """{"type":"RECORD","stream":"items","record":{"id":1,"colour":"red"}}"""));
        Assert.Contains("`colour`", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1|red"], _lake.Rows("select id, colour from $files", "raw/shop/items"));
    }

    [Fact]
    public async Task Ingest_MoreStreamsThanMayBeOpen_KeepsEveryRow()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 40; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"type\":\"SCHEMA\",\"stream\":\"s{i}\",\"schema\":{{\"properties\":{{\"id\":{{\"type\":\"integer\"}}}}}},\"key_properties\":[]}}\n");
        for (var row = 0; row < 50; row++)
            for (var i = 0; i < 40; i++)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"type\":\"RECORD\",\"stream\":\"s{i}\",\"record\":{{\"id\":{row}}}}}\n");
        await _lake.DoAsync("ingest - --source many --to $B", text.ToString());
        for (var i = 0; i < 40; i++)
            Assert.Equal(["50|50"], _lake.Rows("select count(*), count(distinct id) from $files", $"raw/many/s{i}"));
    }

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));

    private Task<string> Manifest() => File.ReadAllTextAsync(Path.Combine(_lake.Folder, "lake/.dataspoc/manifest.json"), TestContext.Current.CancellationToken);
}
