using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Postgres;

public sealed class PostgresNamesTests : IDisposable
{
    private readonly PipeLake _lake = new();

    [Fact]
    public async Task Ingest_HostileNames_AreReadAndKeptApart()
    {
        var longest = new string('x', 63);
        await using var database = await PostgresDatabase.CreateAsync($"""
            CREATE TABLE "select" ("from" int, "a""b" text, "Id" int, id int, dt date, "naïve 😀" text); INSERT INTO "select" VALUES (1, 'q', 2, 3, '2026-01-01', 'u');
            CREATE TABLE "{longest}" ("{longest}" int); INSERT INTO "{longest}" VALUES (1);
            CREATE SCHEMA sales; CREATE TABLE sales.orders (id int); INSERT INTO sales.orders VALUES (1); CREATE TABLE "sales.orders" (id int); INSERT INTO "sales.orders" VALUES (2); CREATE TABLE "q""; DROP TABLE x; --" (id int); INSERT INTO "q""; DROP TABLE x; --" VALUES (1);
            CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES; CREATE TABLE empty (id int); CREATE TABLE made (a int, twice int GENERATED ALWAYS AS (a * 2) STORED, n int GENERATED ALWAYS AS IDENTITY); INSERT INTO made (a) VALUES (4);
            """);

        var run = await _lake.DoAsync($"ingest {database.Uri} --to $B");

        Assert.Contains("`nothing` has no columns", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1|q|3|u"], _lake.Rows("SELECT \"from\", \"a\"\"b\", id, \"naïve 😀\" FROM $files", "raw/postgres/select"));
        Assert.Equal(6, _lake.Rows("SELECT column_name FROM (DESCRIBE SELECT * EXCLUDE (dt) FROM $files)", "raw/postgres/select").Count);
        Assert.Equal(["1"], _lake.Rows("SELECT * EXCLUDE (dt) FROM $files", $"raw/postgres/{longest}"));
        Assert.Equal(["4|8|1"], _lake.Rows("SELECT a, twice, n FROM $files", "raw/postgres/made"));
        Assert.Equal(["1"], _lake.Rows("SELECT id FROM $files", "raw/postgres/*drop_table_x*"));
        Assert.Equal(["1", "2"], _lake.Rows("SELECT id FROM $files ORDER BY 1", "raw/postgres/*sales_orders*"));
        Assert.NotNull(await _lake.SnapshotAsync("postgres", "empty"));
    }

    [Fact]
    public async Task Ingest_SchemasPartitionsAndChildren_GiveEachRowOnce()
    {
        await using var database = await PostgresDatabase.CreateAsync("""
            CREATE SCHEMA sales; CREATE SCHEMA other; CREATE TABLE other.x (id int);
            CREATE TABLE sales.events (id int, day date) PARTITION BY RANGE (day); CREATE TABLE sales.events_1 PARTITION OF sales.events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01') PARTITION BY LIST (id);
            CREATE TABLE sales.events_1a PARTITION OF sales.events_1 DEFAULT; CREATE TABLE sales.events_2 PARTITION OF sales.events DEFAULT; INSERT INTO sales.events SELECT i, '2026-01-01'::date + i FROM generate_series(1, 60) i;
            CREATE TABLE sales.parent (id int); CREATE TABLE sales.child (extra text) INHERITS (sales.parent); INSERT INTO sales.parent VALUES (1); INSERT INTO sales.child VALUES (2, 'x');
            """);
        _lake.Write("pipelines/shop.yaml", $"source: {{postgres: '{database.Uri}', name: shop, readers: 2, streams: ['sales.*', '!*.child']}}\n");

        await _lake.DoAsync("ingest shop --to $B");

        Assert.Equal(["60|60"], _lake.Rows("SELECT count(*), count(DISTINCT id) FROM $files", "raw/shop/sales_events"));
        Assert.Equal(["1", "2"], _lake.Rows("SELECT id FROM $files ORDER BY 1", "raw/shop/sales_parent"));
        Assert.Equal(["sales_events", "sales_parent"], Directory.GetDirectories($"{_lake.Folder}/lake/raw/shop").Select(Path.GetFileName).Order());
    }

    public void Dispose() => _lake.Dispose();
}
