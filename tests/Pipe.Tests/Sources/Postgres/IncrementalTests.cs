using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Postgres;

public sealed class IncrementalTests : IDisposable
{
    private const string Orders = "CREATE TABLE orders (id int PRIMARY KEY, at timestamptz); INSERT INTO orders SELECT i, '2026-01-01'::timestamptz + i * interval '1 hour' FROM generate_series(1, 5) i; CREATE TABLE kinds (name text); INSERT INTO kinds VALUES ('a'), ('b');";
    private readonly PipeLake _lake = new();

    [Fact]
    public async Task Ingest_ByACursor_BringsNewRowsOnceAndTablesWithoutItWhole()
    {
        await using var database = await PostgresDatabase.CreateAsync(Orders);
        await RunAsync(database);
        await database.ExecuteAsync("INSERT INTO orders SELECT i, '2026-02-01'::timestamptz + i * interval '1 hour' FROM generate_series(6, 7) i; DELETE FROM orders WHERE id = 1; DELETE FROM kinds WHERE name = 'a'");

        await RunAsync(database);
        await RunAsync(database);

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], Ids());
        Assert.Equal(["b"], _lake.Rows("SELECT name FROM $files", "raw/postgres/kinds"));
    }

    [Fact]
    public async Task Ingest_WithALag_LeavesYoungRowsForTheNextRun()
    {
        await using var database = await PostgresDatabase.CreateAsync(Orders + "INSERT INTO orders VALUES (6, now() - interval '1 minute'), (7, now() - interval '1 day');");
        await RunAsync(database, "cursor: at, lag: 10m");
        Assert.Equal(["1", "2", "3", "4", "5", "7"], Ids());

        // it was written late, before the one that was held back
        await database.ExecuteAsync("INSERT INTO orders VALUES (8, now() - interval '5 minutes'); UPDATE orders SET at = at - interval '1 hour' WHERE id IN (6, 8)");
        await RunAsync(database, "cursor: at, lag: 10m");

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], Ids());
    }

    [Fact]
    public async Task Ingest_WithANumberAsLag_LeavesTheLastNumbers()
    {
        await using var database = await PostgresDatabase.CreateAsync(Orders);

        await RunAsync(database, "tables: {orders: {cursor: id, lag: 2}}");

        Assert.Equal(["1", "2", "3"], Ids());
    }

    [Fact]
    public async Task Ingest_FullOfOneTable_KeepsTheBookmarksOfTheOthers()
    {
        await using var database = await PostgresDatabase.CreateAsync(Orders + "CREATE TABLE items (id int, at timestamptz); INSERT INTO items VALUES (1, now() - interval '1 day');");
        await RunAsync(database);
        await database.ExecuteAsync("DELETE FROM orders WHERE id < 3");

        await RunAsync(database, arguments: " --full --streams orders");
        await RunAsync(database);

        Assert.Equal(["3", "4", "5"], Ids());
        Assert.Equal(["1"], _lake.Rows("SELECT count(*) FROM $files", "raw/postgres/items"));
    }

    [Fact]
    public async Task Ingest_RowsWithoutACursor_ComeWithTheFirstRunAndAreNamedLater()
    {
        await using var database = await PostgresDatabase.CreateAsync(Orders + "INSERT INTO orders VALUES (6, NULL);");
        await RunAsync(database);

        var run = await RunAsync(database);

        Assert.Equal(["1", "2", "3", "4", "5", "6"], Ids());
        Assert.Contains("`orders` has rows whose `at` is NULL", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cursor: id", "`orders` was read by `at` so far, now its cursor is `id`")]
    [InlineData("cursor: at, lag: 5", "`5` is no lag for `orders`, whose cursor `at` is timestamptz")]
    [InlineData("tables: {orders: created}", "`orders` has no column `created` to be its cursor")]
    public async Task Ingest_ACursorThatCannotBe_IsRefused(string incremental, string message)
    {
        await using var database = await PostgresDatabase.CreateAsync(Orders);
        await RunAsync(database);

        Write(database, incremental);
        var run = await _lake.RunAsync("ingest shop --to $B");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_AnotherDatabaseUnderTheSameName_IsRefused()
    {
        await using var first = await PostgresDatabase.CreateAsync(Orders);
        await using var second = await PostgresDatabase.CreateAsync(Orders);
        await RunAsync(first);

        Write(second, "cursor: at");
        var run = await _lake.RunAsync("ingest shop --to $B");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"the pipeline's bookmark is of database `{first.Name}`, this is `{second.Name}`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_AColumnOfAnotherType_IsWidenedOrRefusedByName()
    {
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE orders (id int8 PRIMARY KEY, amount int8, at timestamptz); INSERT INTO orders VALUES (1, 1, '2026-01-01');");
        await RunAsync(database);
        await database.ExecuteAsync("ALTER TABLE orders ALTER id TYPE int4; INSERT INTO orders VALUES (2, 2, '2026-01-02')");
        await RunAsync(database);
        await database.ExecuteAsync("ALTER TABLE orders ALTER amount TYPE text; INSERT INTO orders VALUES (3, 'much', '2026-01-03')");

        var run = await _lake.RunAsync("ingest shop --to $B");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("`amount`", run.Error, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], Ids());
    }

    public void Dispose() => _lake.Dispose();

    private IReadOnlyList<string> Ids() => _lake.Rows("SELECT id FROM $files ORDER BY id", "raw/postgres/orders");

    private Task<PipeRun> RunAsync(PostgresDatabase database, string incremental = "cursor: at", string arguments = "")
    {
        Write(database, incremental);
        return _lake.DoAsync("ingest shop --to $B" + arguments);
    }

    private void Write(PostgresDatabase database, string incremental) =>
        _lake.Write("pipelines/shop.yaml", $"source: {{postgres: '{database.Uri}'}}\nincremental: {{enabled: true, {incremental}}}\n");
}
