using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;
using Pipe.Tests.Commands;
using Pipe.Tests.Sources.Postgres;
using Pipe.Tests.Sources.Sqlite;

namespace Pipe.Tests.Ingestion;

/// <summary>What a table has no room for, where it comes from a database.</summary>
public sealed class DatabaseContractTests : IDisposable
{
    private const string People = "CREATE TABLE people (id INTEGER PRIMARY KEY, age INTEGER, data BLOB); INSERT INTO people VALUES (1, 31, x'00ff');";
    private readonly PipeLake _lake = new();

    private string File => Path.Combine(_lake.Folder, "shop.db");

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("evolve", 0, "1|NULL,2|555,3|NULL", 0)]
    [InlineData("freeze", 3, "1", 0)]
    [InlineData("discard", 0, "1,2,3", 0)]
    [InlineData("quarantine", 0, "1,3", 1)]
    public async Task Columns_New_AsTheContractSays(string reaction, int exitCode, string rows, long rejected)
    {
        await FirstAsync($"columns: {reaction}");
        SqliteFile.Execute(File, "ALTER TABLE people ADD phone TEXT; INSERT INTO people VALUES (2, 32, NULL, '555'), (3, 33, NULL, NULL);");
        Assert.Equal(exitCode, (await _lake.RunAsync("ingest shop")).ExitCode);
        Assert.Equal(rows.Split(','), Rows($"select {(reaction == "evolve" ? "id, phone" : "id")} from $files order by id"));
        Assert.Equal(rejected, (await _lake.SnapshotAsync("shop", "people", Layer.Quarantine))?.Rows ?? 0);
    }

    [Theory]
    [InlineData("evolve", 1, "1|31", 0)]
    [InlineData("freeze", 3, "1|31", 0)]
    [InlineData("discard", 0, "1|31,2|NULL,3|33,4|NULL", 0)]
    [InlineData("quarantine", 0, "1|31,3|33", 2)]
    public async Task Types_AValueThatIsNotOfItsColumn_AsTheContractSays(string reaction, int exitCode, string rows, long rejected)
    {
        await FirstAsync($"types: {reaction}");
        SqliteFile.Execute(File, "INSERT INTO people VALUES (2, 'old', x'41ff'), (3, 33, NULL), (4, 4.5, 'no bytes');");
        var run = await _lake.RunAsync("ingest shop");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(rows.Split(','), Rows("select id, age from $files order by id"));
        Assert.Equal(rejected, (await _lake.SnapshotAsync("shop", "people", Layer.Quarantine))?.Rows ?? 0);
        if (rejected == 0)
            return;
        Assert.Contains("2 records rejected", run.Error, StringComparison.Ordinal);
        Assert.Equal(["""{"id":2,"age":"old","data":"A\\xFF"}|`age` is the text "old", the column is INTEGER|people|shop""", """{"id":4,"age":4.5,"data":"no bytes"}|`age` is the number 4.5, the column is INTEGER|people|shop"""],
            _lake.Rows("select record, reason, stream, pipeline from $files order by record", "quarantine/shop/people"));
        // the bookmark is behind them, and after the fix they come by a replay, once
        Assert.DoesNotContain("rejected", (await _lake.DoAsync("ingest shop")).Error, StringComparison.Ordinal);
        Write("types: quarantine", "types: {age: string}");
        await _lake.DoAsync("replay shop/people --bucket $B");
        Assert.Equal(["1|31|00FF", "2|old|41FF", "3|33|NULL", "4|4.5|6E6F206279746573"], Rows("select id, age, hex(data) from $files order by id"));
        Assert.Equal(0, (await _lake.SnapshotAsync("shop", "people", Layer.Quarantine))!.Rows);
    }

    [Fact]
    public async Task Types_WithATransform_TheRowWaitsAndGoesThroughItWhole()
    {
        await FirstAsync("types: quarantine");
        SqliteFile.Execute(File, "ALTER TABLE people ADD dt DATE; INSERT INTO people VALUES (2, 'old', x'41ff', '2026-01-02'), (3, 33, NULL, 'tomorrow');");
        var dt = "dt_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("dt"u8))[..8];
        _lake.Write("transforms/shop.sql", $"select id, age * 2 as twice, data, {dt} as day from batch");
        Assert.Contains("2 records rejected", (await _lake.DoAsync("ingest shop --full")).Error, StringComparison.Ordinal);
        var run = await _lake.DoAsync("replay shop/people --bucket $B");
        Assert.Contains("warning: the transform of `people` fails on some records", run.Error, StringComparison.Ordinal);
        _lake.Write("transforms/shop.sql", $"select id, try_cast(age as bigint) * 2 as twice, data, try_cast({dt} as date) as day from batch");
        await _lake.DoAsync("replay shop/people --bucket $B");
        Assert.Equal(["1|62|00FF|NULL", "2|NULL|41FF|2026-01-02", "3|66|NULL|NULL"], Rows("select id, twice, hex(data), day from $files order by id"));
        Assert.Equal(0, (await _lake.SnapshotAsync("shop", "people", Layer.Quarantine))!.Rows);
    }

    [Theory]
    [InlineData("evolve", 3, "1|31", 0)]
    [InlineData("freeze", 3, "1|31", 0)]
    [InlineData("discard", 0, "1|31,2|32,3|NULL", 0)]
    [InlineData("quarantine", 0, "1|31,2|32", 1)]
    public async Task Types_AColumnThatBecameText_AsTheContractSays(string reaction, int exitCode, string rows, long rejected)
    {
        await FirstAsync($"types: {reaction}");
        SqliteFile.Execute(File, "DROP TABLE people; CREATE TABLE people (id INTEGER PRIMARY KEY, age TEXT, data BLOB); INSERT INTO people VALUES (2, '32', NULL), (3, 'thirty', NULL);");
        Assert.Equal(exitCode, (await _lake.RunAsync("ingest shop")).ExitCode);
        Assert.Equal(rows.Split(','), Rows("select id, age from $files order by id"));
        Assert.Equal(rejected, (await _lake.SnapshotAsync("shop", "people", Layer.Quarantine))?.Rows ?? 0);
    }

    [Fact]
    public async Task Types_AColumnThatBecameWider_WidensAndKeepsEveryValue()
    {
        await FirstAsync("types: evolve");
        SqliteFile.Execute(File, "DROP TABLE people; CREATE TABLE people (id INTEGER PRIMARY KEY, age DECIMAL(9,2), data BLOB); INSERT INTO people VALUES (2, '32.25', NULL);");
        await _lake.DoAsync("ingest shop");
        Assert.Equal(new DecimalType(21, 2), (await _lake.SnapshotAsync("shop", "people"))!.Metadata.Schema.Find("age")!.Type);
        Assert.Equal(["1|31.00", "2|32.25"], Rows("select id, age from $files order by id"));
        SqliteFile.Execute(File, "DROP TABLE people; CREATE TABLE people (id INTEGER PRIMARY KEY, age REAL, data BLOB); INSERT INTO people VALUES (3, 0.1, NULL);");
        await _lake.DoAsync("ingest shop");
        Assert.Equal(["1|31.0|DOUBLE", "2|32.25|DOUBLE", "3|0.1|DOUBLE"], Rows("select id, age, typeof(age) from $files order by id"));
    }

    [Fact]
    public async Task Types_OfPostgres_WhatNoColumnCanHold_IsKeptApartWhole()
    {
        await using var database = await PostgresDatabase.CreateAsync("""
            CREATE TYPE pair AS (x int, y text);
            CREATE TABLE t (id int, n numeric(38,10), d date, ts timestamptz, a int[], p pair, r numrange, m int4multirange, f float8, b bytea, u uuid, tm time, j jsonb, s text, ok bool, dt int);
            INSERT INTO t SELECT i FROM generate_series(1, 5000) i;
            UPDATE t SET n = 'NaN', d = '2026-02-28', ts = '2026-02-28 12:30:00.5+00', a = '{1,NULL}', p = (1, 'x'), r = '[1.50,2)', m = '{[1,3)}', f = 0.1, b = '\x0041', u = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', tm = '04:05:06.5', j = '{"k": 1}', s = 'Grüße "q"', ok = true, dt = 7 WHERE id = 2500;
            UPDATE t SET n = -12345678901234567890.0123456789, d = '4713-01-01 BC', ts = 'infinity', a = '{{1,2},{3,4}}' WHERE id = 5000;
            """);
        _lake.Write("pipelines/odd.yaml", $"source: {{postgres: '{database.Uri}', name: shop, readers: 2}}\ndestination: {{bucket: '{_lake.Bucket}'}}\ntables: {{t: {{schema: {{types: quarantine}}}}}}\n");
        Assert.Contains("2 records rejected", (await _lake.DoAsync("ingest odd")).Error, StringComparison.Ordinal);
        Assert.Equal(["4998|12495000"], _lake.Rows("select count(*), sum(id) from $files", "raw/shop/t"));
        Assert.Equal(
            ["""`d` is a date of about the year -4712, outside 0001 to 9999|{"id":5000,"n":-12345678901234567890.0123456789,"d":"4713-01-01 BC","ts":"infinity","a":[[1,2],[3,4]],"p":null,"r":null,"m":null,"f":null,"b":null,"u":null,"tm":null,"j":null,"s":null,"ok":null,"dt_fefbdb67":null}""",
             """`n` is NaN, which no decimal can hold|{"id":2500,"n":"NaN","d":"2026-02-28","ts":"2026-02-28 12:30:00.5+00","a":[1,null],"p":{"x":1,"y":"x"},"r":{"lower":1.50,"upper":2,"lower_inclusive":true,"upper_inclusive":false,"is_empty":false},"m":[{"lower":1,"upper":3,"lower_inclusive":true,"upper_inclusive":false,"is_empty":false}],"f":0.1,"b":"\\x00A","u":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","tm":"04:05:06.5","j":"{\"k\": 1}","s":"Grüße \"q\"","ok":true,"dt_fefbdb67":7}"""],
            _lake.Rows("select reason, record from $files order by reason", "quarantine/shop/t"));
        _lake.Write("pipelines/odd.yaml", $"source: {{postgres: '{database.Uri}', name: shop}}\ndestination: {{bucket: '{_lake.Bucket}'}}\ntables: {{t: {{schema: {{types: discard}}}}}}\n");
        await _lake.DoAsync("ingest odd --full");
        Assert.Equal(["5000|1|1"], _lake.Rows("select count(*), count(n), count(d) from $files", "raw/shop/t"));
    }

    private async Task FirstAsync(string contract)
    {
        SqliteFile.Execute(File, People);
        Write(contract, "types: {}");
        await _lake.DoAsync("ingest shop");
    }

    private void Write(string contract, string types) =>
        _lake.Write("pipelines/shop.yaml", $"source: {{sqlite: shop.db, name: shop}}\ndestination: {{bucket: '{_lake.Bucket}'}}\nincremental: {{enabled: true, cursor: id}}\ntables: {{people: {{schema: {{{contract}}}, {types}}}}}\n");

    private IReadOnlyList<string> Rows(string sql) => _lake.Rows(sql, "raw/shop/people");
}
