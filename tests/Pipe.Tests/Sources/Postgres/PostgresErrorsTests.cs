using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Postgres;

public sealed class PostgresErrorsTests : IDisposable
{
    private readonly PipeLake _lake = new();

    [Fact]
    public async Task Ingest_AServerThatIsNotThere_IsNamedWithoutThePassword()
    {
        var run = await _lake.RunAsync("ingest postgres://me:top-secret@127.0.0.1:1/shop --to $B");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("PostgreSQL cannot be reached", run.Error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1/shop", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_ADatabaseOrATableThatIsNotThere_IsNamed()
    {
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE orders (id int); CREATE SCHEMA sales; CREATE TABLE sales.items (id int); CREATE VIEW v AS SELECT 1 AS one;");

        Assert.Contains("database \"nowhere\" does not exist", (await _lake.RunAsync($"ingest {database.Uri.Replace(database.Name, "nowhere", StringComparison.Ordinal)} --to $B")).Error, StringComparison.Ordinal);
        foreach (var (streams, hint) in new[] { ("Orders", "did you mean `orders`?"), ("items", "did you mean `sales.items`?"), ("v*", "globs mean tables; write a view's name out") })
        {
            var run = await _lake.RunAsync($"ingest {database.Uri} --to $B --streams {streams}");
            Assert.Equal(2, run.ExitCode);
            Assert.Contains($"no table matches `{streams}`", run.Error, StringComparison.Ordinal);
            Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ingest_AConnectionThatIsLostInTheMiddle_CommitsNothingAndTheNextRunIsRight()
    {
        await using var database = await PostgresDatabase.CreateAsync("""
            CREATE TABLE a AS SELECT 1 AS id; CREATE TABLE trap (armed bool); INSERT INTO trap VALUES (true);
            CREATE VIEW z AS SELECT i AS id, CASE WHEN i = 150000 AND (SELECT armed FROM trap) THEN pg_terminate_backend(pg_backend_pid()) END AS killed FROM generate_series(1, 200000) i;
            """);

        var lost = await _lake.RunAsync($"ingest {database.Uri} --to $B --streams a,z");
        Assert.Equal(1, lost.ExitCode);
        Assert.Contains("the connection to PostgreSQL was lost", lost.Error, StringComparison.Ordinal);
        Assert.Null(await _lake.SnapshotAsync("postgres", "a"));
        Assert.Null(await _lake.SnapshotAsync("postgres", "z"));

        await database.ExecuteAsync("UPDATE trap SET armed = false");
        await _lake.DoAsync($"ingest {database.Uri} --to $B --streams a,z");
        Assert.Equal(["200000"], _lake.Rows("SELECT count(*) FROM $files", "raw/postgres/z"));
    }

    [Theory]
    [InlineData("SELECT i, 1 / (500 - i) AS v FROM generate_series(1, 1000) i", "", "`bad` cannot be read: division by zero")]
    [InlineData("SELECT i, pg_sleep(0.01)::text AS v FROM generate_series(1, 100000) i", "?options=-c%20statement_timeout%3D200", "PostgreSQL ended the reading of `bad`: canceling statement due to statement timeout")]
    [InlineData("SELECT i, CASE WHEN i = 5000 THEN 'NaN'::numeric ELSE 1 END AS v FROM (SELECT generate_series(1, 2000000000) AS i) s", "", "`v` is NaN, which no decimal can hold, in `bad`")]
    public async Task Ingest_AViewThatFailsInTheMiddle_DoesNotHoldBackTheOthers(string select, string parameters, string message)
    {
        await using var database = await PostgresDatabase.CreateAsync($"CREATE TABLE good AS SELECT 1 AS id; CREATE VIEW bad AS {select};");

        var run = await _lake.RunAsync($"ingest {database.Uri}{parameters} --to $B --streams bad,good");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Null(await _lake.SnapshotAsync("postgres", "bad"));
        Assert.Equal(["1"], _lake.Rows("SELECT id FROM $files", "raw/postgres/good"));
    }

    [Fact]
    public async Task Ingest_TablesThatMayNotBeRead_AreNamedAndColumnsThatMayNotAreLeftOut()
    {
        await using var database = await PostgresDatabase.CreateAsync();
        var role = $"reader_{Guid.NewGuid():N}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN; CREATE TABLE open (id int); INSERT INTO open VALUES (1); GRANT SELECT ON open TO {role}; CREATE TABLE secret (id int); CREATE TABLE half (id int, name text); INSERT INTO half VALUES (1, 'x'); GRANT SELECT (id) ON half TO {role};");
        try
        {
            var run = await _lake.RunAsync($"ingest {database.UriOf(role)} --to $B");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("`secret` may not be read by this user", run.Error, StringComparison.Ordinal);
            Assert.Contains("of `half` this user may not read `name`: left out", run.Error, StringComparison.Ordinal);
            Assert.Equal(["1"], _lake.Rows("SELECT * EXCLUDE (dt) FROM $files", "raw/postgres/half"));

            await _lake.DoAsync($"ingest {database.UriOf(role)} --to $B --streams !secret");
        }
        finally
        {
            await database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task Ingest_ARowOfAHundredMegabytes_IsRefusedByName()
    {
        await using var database = await PostgresDatabase.CreateAsync("CREATE TABLE blobs (id int, data bytea); INSERT INTO blobs SELECT 1, convert_to(repeat('x', 100000000), 'UTF8');");

        var run = await _lake.RunAsync($"ingest {database.Uri} --to $B");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("`data` has a value of 100 MB in a row, rows have 67 MB at most", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _lake.Dispose();
}
