using DataSpoc.Contracts.Storage;
using Xunit;

namespace EndToEnd.Tests.Interop;

/// <summary>Tables that the tools wrote, read by ClickHouse with the rows that <c>lens sql</c> gives.</summary>
public sealed class ClickHouseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public ClickHouseTests() => _lake = Lake.In(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_WithAColumnMore_HasOldAndNewRows()
    {
        await _lake.IngestAsync(_folder.Write("a.csv", "id,name\n1,ä\n2,\n"), "shop/orders");
        await _lake.IngestAsync(_folder.Write("b.csv", "id,name,amount\n3,c,4.5\n"), "shop/orders");
        await AgreeAsync("raw/shop/orders", "raw.shop_orders", 3);
        Assert.Equal("3,3,1", await _lake.RowsAsync("select count(*), count(distinct id), count(amount) from raw.shop_orders"));
    }

    [Fact]
    public async Task Overwrite_HasTheNewRowsOnly()
    {
        await _lake.IngestAsync(_folder.Write("a.csv", "id,name\n1,a\n2,b\n"), "shop/orders");
        await _lake.IngestAsync(_folder.Write("b.csv", "id,name\n7,c\n"), "shop/orders", "--mode", "overwrite");
        await AgreeAsync("raw/shop/orders", "raw.shop_orders", 1);
    }

    [Fact]
    public async Task SingerTable_HasDecimalsTimesAndNestedValues()
    {
        const string messages = """
            {"type":"SCHEMA","stream":"things","schema":{"properties":{"id":{"type":"integer"},"amount":{"type":"number","multipleOf":0.01,"maximum":999999.99,"minimum":-999999.99},"at":{"type":"string","format":"date-time"},"day":{"type":"string","format":"date"},"ok":{"type":"boolean"},"Odd Name,;{}()=é\"x":{"type":"string"},"n":{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":["null","string"]}}},"l":{"type":"array","items":{"type":"integer"}},"ls":{"type":"array","items":{"type":"object","properties":{"x":{"type":"number"}}}}}},"key_properties":["id"]}
            {"type":"RECORD","stream":"things","record":{"id":1,"amount":-12.34,"at":"2026-01-31T10:11:12.345678+02:00","day":"2024-02-29","ok":true,"Odd Name,;{}()=é\"x":"ä \" , \n z","n":{"a":1,"b":"x"},"l":[1,2,3],"ls":[{"x":1.5},{"x":null}]}}
            {"type":"RECORD","stream":"things","record":{"id":2}}

            """;
        var run = await ToolProcess.RunAsync("pipe", ["ingest", "-", "--source", "shop", "--to", _lake.Bucket], input: messages);
        Assert.True(run.ExitCode == 0, run.ToString());
        await AgreeAsync("raw/shop/things", "raw.shop_things", 2);
    }

    [Fact]
    public async Task TransformedTables_OfEveryKindOfValue_Agree()
    {
        await _lake.IngestAsync(_folder.Write("a.csv", "id\n1\n2\n3\n"), "shop/ids");
        _folder.Write("pipe.yaml", "");
        _folder.Write("transforms/types/all.sql", """
            select id,
              cast(id * 1000000000000000000.000001 as decimal(38, 6)) as large, cast(-id as decimal(5, 2)) as small,
              timestamp '2026-03-29 02:30:00.123456' + to_days(id::int) as local_time,
              timestamptz '1969-12-31 23:59:59.999999+00' as moment,
              date '1960-02-29' as day, id % 2 = 0 as even, cast(id as float) / 3 as "real", cast(id as smallint) as little, cast(id as tinyint) as tiny, cast(id as integer) as middle,
              case when id < 3 then {'a': id, 'b': {'c': 'x', 'd': [id, null]}} end as nested,
              case when id = 1 then [] when id = 2 then [1.5, null] end as list,
              map {'k': id, 'ä "': 2} as pairs,
              'it''s' as "quote ' and "" and ` and %20 and #",
              case when id = 1 then '' when id = 2 then chr(10) || chr(9) || '\' end as text
            from raw.shop_ids
            """);
        _folder.Write("transforms/types/none.sql", "select id, cast(id as decimal(9, 3)) as amount, [id] as list from raw.shop_ids where id > 5");
        await _lake.DoAsync("pipe", "transform", "--to", _lake.Bucket);
        await AgreeAsync("curated/types/all", "curated.types_all", 3);
        await AgreeAsync("curated/types/none", "curated.types_none", 0);
    }

    [Fact]
    public async Task PartitionOverwrite_ReplacesItsDaysOnly()
    {
        Directory.CreateDirectory(_lake.Path);
        await using var store = ObjectStores.Open(BucketUri.Parse(_lake.Bucket));
        using var writer = new TableWriter(store);
        await writer.CommitAsync(writer.Append, ("2026-01-01", "select 1 as id union all select 2"), ("2026-01-02", "select 3 as id"), ("2026-01-03", "select 4 as id"));
        await writer.CommitAsync(writer.OverwritePartitions, ("2026-01-02", "select 30 as id union all select 31"));
        await AgreeAsync("raw/shop/orders", "raw.shop_orders", 5);
        Assert.Equal("1\n2\n4\n30\n31", await _lake.RowsAsync("select id from raw.shop_orders order by id"));
    }

    [Fact]
    public async Task MergedTable_ThenCompacted_HasTheLastRowOfEveryKey()
    {
        _folder.Write("pipelines/orders.yaml", $$"""
            source: {files: ['./in/*.csv'], name: shop, table: orders}
            destination: {bucket: "{{_lake.Bucket}}"}
            tables:
              orders: {mode: merge, key: [id], partition_by: day}
            """);
        _folder.Write("in/a.csv", "id,name,day\n1,a,2026-01-01\n2,b,2026-01-01\n3,c,2026-01-02\n");
        await _lake.DoAsync("pipe", "ingest", "orders", "--project", _folder.Path);
        _folder.Write("in/b.csv", "id,name,day\n2,B,2026-01-01\n4,d,2026-01-02\n");
        await _lake.DoAsync("pipe", "ingest", "orders", "--project", _folder.Path);
        await AgreeAsync("raw/shop/orders", "raw.shop_orders", 4);
        Assert.Equal("aBcd", await _lake.RowsAsync("select string_agg(name, '' order by id) from raw.shop_orders"));
        await _lake.DoAsync("pipe", "compact", "--bucket", _lake.Bucket);
        await AgreeAsync("raw/shop/orders", "raw.shop_orders", 4);
    }

    [Fact]
    public async Task SixtyCommits_AndTheirCompaction_Agree()
    {
        Directory.CreateDirectory(_lake.Path);
        await using var store = ObjectStores.Open(BucketUri.Parse(_lake.Bucket));
        using var writer = new TableWriter(store);
        for (var i = 0; i < 60; i++)
            await writer.CommitAsync(i == 30 ? writer.OverwritePartitions : writer.Append, ($"2026-01-0{1 + i % 3}", $"select {i} as id"));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_lake.Path, "raw/shop/orders/_delta_log"), "*.compacted.json"));
        await AgreeAsync("raw/shop/orders", "raw.shop_orders", 50);
    }

    [Fact]
    public async Task AdoptedFile_WhoseNameNeedsEscapes_IsRead()
    {
        await _lake.IngestAsync(_folder.Write("a.csv", "id,name\n1,a\n2,b\n"), "shop/old");
        var file = Directory.GetFiles(Path.Combine(_lake.Path, "raw/shop/old"), "*.parquet", SearchOption.AllDirectories).Single();
        var odd = Path.Combine(Directory.CreateDirectory(Path.Combine(_lake.Path, "raw/shop/orders")).FullName, "part 1%20é #+&=.parquet");
        File.Move(file, odd);
        await _lake.IngestAsync(_folder.Write("b.csv", "id,name\n3,c\n"), "shop/orders", "--mode", "append");
        await AgreeAsync("raw/shop/orders", "raw.shop_orders", 3);
    }

    private async Task AgreeAsync(string location, string table, int rows)
    {
        var ours = Comparable((await _lake.DoAsync("lens", "sql", $"select * from {table}", "--bucket", _lake.Bucket, "-o", "ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(rows, ours.Count);
        var theirs = await ClickHouse.ReadAsync(Path.Combine(_lake.Path, location));
        Assert.True(ours.SequenceEqual(Comparable(theirs)), $"{table}, ClickHouse:\n{string.Join('\n', theirs)}\nlens:\n{string.Join('\n', ours)}");
    }

    private static List<string> Comparable(IEnumerable<string> rows) => [.. rows.Select(ComparableRow.Of).Order(StringComparer.Ordinal)];
}
