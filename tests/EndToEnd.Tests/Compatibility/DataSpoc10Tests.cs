using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using Xunit;

namespace EndToEnd.Tests.Compatibility;

/// <summary>A bucket that DataSpoc 1.0 left is queried as it is, and extended.</summary>
public sealed class DataSpoc10Tests : IDisposable
{
    private const string Entries = """
        "shop/orders":{"source":"shop","table":"orders","columns":[{"name":"id","type":"int64","nullable":true},{"name":"name","type":"string","nullable":true}],
          "stats":{"total_rows":3,"extractions":1,"last_extraction":"2026-01-30T08:15:30.123456+00:00","last_extraction_rows":3},"owner":"ana"},
        "shop/events":{"source":"shop","table":"events","columns":[{"name":"id","type":"int64","nullable":true}],
          "stats":{"total_rows":5,"extractions":2,"last_extraction":"2026-01-31T08:15:30.123456+00:00","last_extraction_rows":3}}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public DataSpoc10Tests() => _lake = Lake.In(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bucket_IsQueried_AndExtended(bool manifestIsAMap)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        // a full refresh has no dt= folder, incremental runs have
        Parquet(connection, "raw/shop/orders/orders_20260130_081530.parquet", "select * from (values (1::bigint, 'a'), (2, 'b'), (3, null)) t(id, name)");
        Parquet(connection, "raw/shop/events/dt=2026-01-30/events_081530.parquet", "select range as id from range(1, 3)");
        Parquet(connection, "raw/shop/events/dt=2026-01-31/events_081530.parquet", "select range as id from range(3, 6)");
        var list = "[" + string.Join(",", JsonNode.Parse($"{{{Entries}}}")!.AsObject().Select(entry => entry.Value!.ToJsonString())) + "]";
        _folder.Write("lake/.dataspoc/manifest.json", $$"""{"version":"1.0","updated_at":"2026-01-31T08:15:30+00:00","team":"sales","tables":{{(manifestIsAMap ? $"{{{Entries}}}" : list)}} }""");
        var bucket = new WrittenDocuments(_lake);

        Assert.Equal("3,6", await _lake.RowsAsync("select count(*), sum(id) from raw.shop_orders"));
        Assert.Equal("2026-01-30,2\n2026-01-31,3", await _lake.RowsAsync("select dt, count(*) from raw.shop_events group by 1 order by 1"));
        await bucket.DoAsync(null, "lens", "sql", "select count(*) from raw.shop_orders", "--bucket", _lake.Bucket);

        _folder.Write("orders.csv", "id,name\n4,d\n5,e\n");
        _folder.Write("events.csv", "id\n6\n");
        await bucket.DoAsync(WritingTool.Pipe, "pipe", "ingest", "./orders.csv", "--to", _lake.Bucket, "--table", "shop/orders", "--mode", "append");
        await bucket.DoAsync(WritingTool.Pipe, "pipe", "ingest", "./events.csv", "--to", _lake.Bucket, "--table", "shop/events", "--mode", "append");
        Assert.True(bucket.Checked >= 12, $"only {bucket.Checked} documents were checked");

        // the log, the folder and the catalog agree
        Assert.Equal("5,15", await _lake.RowsAsync("select count(*), sum(id) from raw.shop_orders"));
        Assert.Equal("6,21", await _lake.RowsAsync("select count(*), sum(id) from raw.shop_events"));
        Assert.Equal((5L, 15L), Glob(connection, "raw/shop/orders"));
        Assert.Equal((6L, 21L), Glob(connection, "raw/shop/events"));
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_lake.Path, ".dataspoc/manifest.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal((5L, 6L), ((long)manifest["tables"]!["shop/orders"]!["stats"]!["total_rows"]!, (long)manifest["tables"]!["shop/events"]!["stats"]!["total_rows"]!));
        Assert.Equal(("sales", "ana"), ((string?)manifest["team"], (string?)manifest["tables"]!["shop/orders"]!["owner"]));
        await bucket.DoAsync(null, "pipe", "manifest", "verify", "--bucket", _lake.Bucket);
    }

    private void Parquet(Connection connection, string key, string select)
    {
        var file = Path.Combine(_lake.Path, key);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        connection.Execute($"COPY ({select}) TO '{file}' (FORMAT parquet, COMPRESSION snappy)");
    }

    private (long Rows, long Sum) Glob(Connection connection, string table)
    {
        using var result = connection.Query($"SELECT count(*), CAST(sum(id) AS BIGINT) FROM read_parquet('{Path.Combine(_lake.Path, table)}/**/*.parquet', union_by_name = true, hive_partitioning = false)");
        Assert.True(result.NextChunk());
        return ((long)result.GetValue(0, 0)!, (long)result.GetValue(1, 0)!);
    }
}
