using DataSpoc.Contracts.Names;
using Pipe.Tests.Commands;
using Pipe.Tests.Sources.Sqlite;

namespace Pipe.Tests.Ingestion;

/// <summary>Streams whose names fold alike have the same tables, whichever comes first.</summary>
public sealed class StreamTablesTests : IDisposable
{
    private static readonly string Upper = NameFolding.WithSuffix("orders", "ORDERS");
    private static readonly string Title = NameFolding.WithSuffix("orders", "Orders");
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("Orders", "ORDERS")]
    [InlineData("ORDERS", "Orders")]
    [InlineData("orders", "ORDERS")]
    [InlineData("ORDERS", "orders")]
    public async Task Catalog_TellsAllStreams_NoneDependsOnTheOrder(string first, string second)
    {
        _lake.Write("catalog.json", $$"""{"streams":[{"stream":"{{second}}","tap_stream_id":"b","schema":{} },{"stream":"{{first}}","tap_stream_id":"a","schema":{} }]}""");
        _lake.Write("messages", Messages(first) + Messages(second));
        var tap = _lake.Write("tap.sh", $"#!/bin/sh\ncat {_lake.Folder}/messages\n");
        _lake.Write("pipelines/shop.yaml", $"source: {{tap: 'sh {tap}', name: shop, catalog: {_lake.Folder}/catalog.json}}\ndestination: {{bucket: '{_lake.Bucket}'}}\n");
        await _lake.DoAsync("ingest shop");
        foreach (var stream in (string[])[first, second])
            Assert.Equal([stream], _lake.Rows("select name from $files", $"raw/shop/{(stream == "orders" ? stream : NameFolding.WithSuffix("orders", stream))}"));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_lake.Folder, "lake/raw/shop")).Length);
    }

    [Fact]
    public async Task Stdin_TellsNoneBeforehand_TheTablesRemember()
    {
        await _lake.DoAsync("ingest - --source shop --to $B", Messages("Orders") + Messages("ORDERS"));
        await _lake.DoAsync("ingest - --source shop --to $B", Messages("ORDERS") + Messages("Orders") + Messages("orders"));
        Assert.Equal(["Orders", "Orders"], _lake.Rows("select name from $files", "raw/shop/orders"));
        Assert.Equal(["ORDERS", "ORDERS"], _lake.Rows("select name from $files", $"raw/shop/{Upper}"));
        Assert.Equal(["orders"], _lake.Rows("select name from $files", $"raw/shop/{NameFolding.WithSuffix("orders", "orders")}"));
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, $"lake/raw/shop/{Title}")));
    }

    [Fact]
    public async Task Database_OneTableAlone_HasThePlainName_AndKeepsItWhenAnotherComes()
    {
        SqliteFile.Execute(Path.Combine(_lake.Folder, "shop.db"), "CREATE TABLE \"größe\" (id INTEGER); INSERT INTO \"größe\" VALUES (1);");
        await _lake.DoAsync("ingest sqlite:shop.db --to $B");
        SqliteFile.Execute(Path.Combine(_lake.Folder, "shop.db"), "CREATE TABLE \"gr__e\" (id INTEGER); INSERT INTO \"gr__e\" VALUES (2);");
        Assert.Contains(NameFolding.WithSuffix("gr__e", "gr__e"), (await _lake.DoAsync("ingest sqlite:shop.db --to $B --dry-run -o csv")).Output, StringComparison.Ordinal);
        await _lake.DoAsync("ingest sqlite:shop.db --to $B");
        Assert.Equal(["1"], _lake.Rows("select id from $files", "raw/sqlite/gr__e"));
        Assert.Equal(["2"], _lake.Rows("select id from $files", $"raw/sqlite/{NameFolding.WithSuffix("gr__e", "gr__e")}"));
    }

    private static string Messages(string stream) => """
        {"type":"SCHEMA","stream":"NAME","schema":{"properties":{"name":{"type":"string"}}},"key_properties":[]}
        {"type":"RECORD","stream":"NAME","record":{"name":"NAME"}}

        """.Replace("NAME", stream, StringComparison.Ordinal);
}
