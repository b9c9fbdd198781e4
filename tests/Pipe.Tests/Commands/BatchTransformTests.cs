namespace Pipe.Tests.Commands;

/// <summary><c>transforms/&lt;pipeline&gt;.sql</c>: a SELECT over the rows that come in.</summary>
public sealed class BatchTransformTests : IDisposable
{
    private const string Schemas = """
        {"type":"SCHEMA","stream":"orders","schema":{"properties":{"id":{"type":"integer"},"email":{"type":["null","string"]},"amount":{"type":"number","multipleOf":0.01}}},"key_properties":["id"]}
        {"type":"SCHEMA","stream":"items","schema":{"properties":{"id":{"type":"integer"}}},"key_properties":["id"]}
        """;

    private readonly PipeLake _lake = new();

    public BatchTransformTests()
    {
        _lake.Write("pipe.yaml", $"bucket: {_lake.Bucket}");
        _lake.Write("pipelines/shop.yaml", $"source: {{tap: \"cat {_lake.Folder}/messages\", name: shop}}\nincremental: {{enabled: true}}");
        Messages("""
            {"type":"RECORD","stream":"orders","record":{"id":1,"email":"Ann@X.pt","amount":1.10}}
            {"type":"RECORD","stream":"items","record":{"id":7}}
            {"type":"RECORD","stream":"orders","record":{"id":2,"email":null,"amount":2.20}}
            {"type":"STATE","value":{"n":1}}
            {"type":"RECORD","stream":"orders","record":{"id":3,"email":"bob@x.pt","amount":3.30}}
            {"type":"STATE","value":{"n":2}}
            """);
    }

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Ingest_WithATransform_WritesWhatItGives()
    {
        _lake.Write("transforms/shop.sql", "-- streams: orders\nselect id, lower(email) as email, [amount, 0] as parts, {'a': id, 'b': email} as pair from batch where email is not null");
        await _lake.DoAsync("ingest shop");
        Assert.Equal(["1|ann@x.pt|[1.10, 0.00]|{'a': 1, 'b': Ann@X.pt}", "3|bob@x.pt|[3.30, 0.00]|{'a': 3, 'b': bob@x.pt}"], _lake.Rows("select id, email, parts, pair from $files order by id", "raw/shop/orders"));
        Assert.Equal(["7"], _lake.Rows("select id from $files", "raw/shop/items"));
        Assert.Equal("""{"n":2}""", await File.ReadAllTextAsync(Path.Combine(_lake.Folder, "lake/.dataspoc/state/shop/state.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Ingest_WhereTheTransformFails_FailsAndWritesNothing()
    {
        _lake.Write("transforms/shop.sql", "-- streams: orders\nselect id, cast(email as integer) as email from batch");
        var run = await _lake.RunAsync("ingest shop");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the transform of `orders` fails", run.Error, StringComparison.Ordinal);
        Assert.Contains("Ann@X.pt", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_lake.Folder, "lake/raw")));
    }

    [Fact]
    public async Task Ingest_WhereTheTransformDoesNotFitAStream_SaysWhich()
    {
        _lake.Write("transforms/shop.sql", "select id, email from batch");
        var run = await _lake.RunAsync("ingest shop");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the transform of `items` fails", run.Error, StringComparison.Ordinal);
        Assert.Contains("-- streams:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_MoreRowsThanABatchHolds_KeepsEveryRowOnce()
    {
        Messages(string.Concat(Enumerable.Range(0, 250_000).Select(i => $"{{\"type\":\"RECORD\",\"stream\":\"items\",\"record\":{{\"id\":{i}}}}}\n")));
        _lake.Write("transforms/shop.sql", "-- streams: items\nselect id, id * 2 as twice from batch");
        await _lake.DoAsync("ingest shop");
        Assert.Equal(["250000|250000|62499750000"], _lake.Rows("select count(*), count(distinct id), sum(twice) from $files", "raw/shop/items"));
    }

    [Fact]
    public async Task Ingest_Files_TheTransformSeesTheirRows()
    {
        _lake.Write("pipelines/people.yaml", "source: {files: ['./in/*'], name: shop, table: people}\ntables: {people: {schema: {types: quarantine}}}\n");
        _lake.Write("transforms/people.sql", "-- streams: people\nselect id, lower(email) as email, zip, dt_ as day from batch where email is not null;");
        _lake.Write("in/1.csv", "id,email,zip,dt\n1,Ann@X.pt,A12,2026-01-01\n2,,B1,2026-01-01\n");
        _lake.Write("in/2.ndjson", """{"id": 3, "email": "BOB@x.pt", "zip": "07", "dt": "2026-01-02"}""");
        Assert.Contains("ann@x.pt", (await _lake.DoAsync("preview people -o csv")).Output, StringComparison.Ordinal);
        await _lake.DoAsync("ingest people");
        // what looks like a number is still read as the text that the table has
        _lake.Write("in/3.csv", "id,email,zip,dt\n4,dan@x.pt,007,2026-01-03\n");
        await _lake.DoAsync("ingest people");
        Assert.Contains("nothing new", (await _lake.DoAsync("ingest people")).Error, StringComparison.Ordinal);
        Assert.Equal(["1|ann@x.pt|A12|2026-01-01", "3|bob@x.pt|07|2026-01-02", "4|dan@x.pt|007|2026-01-03"], _lake.Rows("select id, email, zip, day from $files order by id", "raw/shop/people"));

        _lake.Write("transforms/people.sql", "select id, cast(email as integer) as email from batch");
        _lake.Write("in/4.csv", "id,email,zip,dt\n5,eve@x.pt,1,2026-01-04\n");
        var run = await _lake.RunAsync("ingest people");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the transform of `people` fails", run.Error, StringComparison.Ordinal);
        _lake.Write("in/4.csv", "id,email\n5\n");
        Assert.Contains("`4.csv` cannot be read as CSV", (await _lake.RunAsync("ingest people")).Error, StringComparison.Ordinal);
        Assert.Equal(3, (await _lake.SnapshotAsync("shop", "people"))!.Rows);
    }

    [Fact]
    public async Task Ingest_ARecordThatTheSourceCannotGive_WaitsInQuarantine_AndGoesThroughTheTransformWhenReplayed()
    {
        _lake.Write("pipelines/shop.yaml", $"source: {{tap: \"cat {_lake.Folder}/messages\", name: shop}}\nincremental: {{enabled: true}}\ntables: {{orders: {{schema: {{types: quarantine}}}}}}");
        Messages("""
            {"type":"RECORD","stream":"orders","record":{"id":1,"email":"Ann@X.pt","amount":1.10}}
            {"type":"RECORD","stream":"orders","record":{"id":2,"email":"Bob@X.pt","amount":"2,20"}}
            {"type":"RECORD","stream":"orders","record":{"id":3,"email":"Cid@X.pt","amount":"many"}}
            {"type":"STATE","value":{"n":1}}
            """);
        _lake.Write("transforms/shop.sql", "-- streams: orders\nselect id, lower(email) as mail, amount from batch");
        Assert.Contains("2 records rejected", (await _lake.DoAsync("ingest shop")).Error, StringComparison.Ordinal);
        Assert.Equal(["2|Bob@X.pt|2,20|true", "3|Cid@X.pt|many|true"], _lake.Rows("select record->>'id', record->>'email', record->>'amount', before_transform from $files order by 1", "quarantine/shop/orders"));

        // nothing is better yet
        Assert.Contains("2 records stay rejected", (await _lake.DoAsync("replay shop/orders")).Error, StringComparison.Ordinal);
        Assert.Equal(["1|ann@x.pt|1.10"], _lake.Rows("select id, mail, amount from $files", "raw/shop/orders"));

        _lake.Write("transforms/shop.sql", "-- streams: orders\nselect id, lower(email) as mail, replace(amount::varchar, ',', '.') as amount from batch");
        var run = await _lake.DoAsync("replay shop/orders");
        Assert.Contains("1 record of `quarantine.shop_orders` entered `raw.shop_orders`, 1 record stay rejected", run.Error, StringComparison.Ordinal);
        Assert.Equal(["3|many|true"], _lake.Rows("select record->>'id', record->>'amount', before_transform from $files", "quarantine/shop/orders"));
        Assert.Equal(["1|ann@x.pt|1.10", "2|bob@x.pt|2.20"], _lake.Rows("select id, mail, amount from $files order by id", "raw/shop/orders"));

        // one that fails on a record keeps that one where it is, and says so
        _lake.Write("transforms/shop.sql", "-- streams: orders\nselect id, lower(email) as mail, amount::decimal(9,2) as amount from batch");
        run = await _lake.DoAsync("replay shop/orders");
        Assert.Contains("warning: the transform of `orders` fails on some records: Conversion Error: Could not convert string \"many\"", run.Error, StringComparison.Ordinal);
        _lake.Write("transforms/shop.sql", "-- streams: orders\nselect id, lower(email) as mail, try_cast(amount as decimal(9,2)) as amount from batch");
        await _lake.DoAsync("replay shop/orders");
        Assert.Equal(["1|1.10", "2|2.20", "3|NULL"], _lake.Rows("select id, amount from $files order by id", "raw/shop/orders"));
        Assert.Equal(0, (await _lake.SnapshotAsync("shop", "orders", DataSpoc.Contracts.Layout.Layer.Quarantine))!.Rows);

        // what is masked might stand anywhere in a record of before the transform: it is not kept
        _lake.Write("pipelines/shop.yaml", $"source: {{tap: \"cat {_lake.Folder}/messages\", name: shop}}\nincremental: {{enabled: true}}\ntables: {{orders: {{schema: {{types: quarantine}}, mask: {{mail: drop}}}}}}");
        Assert.Contains("the record is not kept apart, because the masks", (await _lake.RunAsync("ingest shop --full")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_FilesWhoseRowsDoNotFitTheTable_AreJudgedBehindTheTransform()
    {
        _lake.Write("pipelines/people.yaml", "source: {files: ./in/*, name: shop, table: people}\ntables: {people: {schema: {types: quarantine}}}\n");
        _lake.Write("transforms/people.sql", "select id, lower(name) as name, age from batch");
        _lake.Write("in/1.csv", "id,name,age\n1,Ann,31\n");
        await _lake.DoAsync("ingest people");
        _lake.Write("in/2.csv", "id,name,age\n2,Bob,old\n3,Cid,33\n");
        Assert.Contains("1 record rejected", (await _lake.DoAsync("ingest people")).Error, StringComparison.Ordinal);
        Assert.Equal(["1|ann|31", "3|cid|33"], _lake.Rows("select id, name, age from $files order by id", "raw/shop/people"));
        Assert.Equal(["bob|old"], _lake.Rows("select record->>'name', record->>'age' from $files", "quarantine/shop/people"));
    }

    private void Messages(string records) => _lake.Write("messages", Schemas + "\n" + records);
}
