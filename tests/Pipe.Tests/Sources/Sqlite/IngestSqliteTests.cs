using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Sqlite;

public sealed class IngestSqliteTests : IDisposable
{
    private readonly PipeLake _lake = new();

    private string File => Path.Combine(_lake.Folder, "shop.db");

    [Fact]
    public async Task Ingest_EveryDeclaration_BecomesItsType()
    {
        SqliteFile.Execute(File, """
            CREATE TABLE t (id INTEGER PRIMARY KEY, big BIGINT, name VARCHAR(20), price DECIMAL(10,2), rate REAL, data BLOB, paid BOOLEAN, day DATE, at DATETIME, loose, total NUMERIC, len GENERATED ALWAYS AS (length(name)));
            INSERT INTO t (id, big, name, price, rate, data, paid, day, at, loose, total) VALUES
              (1, 9223372036854775807, 'Ünïcode ''x''', 12.5, 0.1, x'00ff', 1, '2026-02-28', '2026-02-28 12:30:00.5', 7, 1.5), (2, NULL, '', '0.30', 3, NULL, 0, NULL, '2026-03-01T00:00:00Z', 8, 2);
            """);

        await _lake.DoAsync("ingest sqlite:shop.db --to $B");

        Assert.Equal(
            ["1|9223372036854775807|Ünïcode 'x'|12.50|0.1|00FF|true|2026-02-28|2026-02-28 12:30:00.5|7|1.5|11", "2|NULL||0.30|3.0|NULL|false|NULL|2026-03-01 00:00:00|8|2.0|0"],
            _lake.Rows("SELECT id, big, name, price, rate, hex(data), paid, day, \"at\", loose, total, len FROM $files ORDER BY id", "raw/sqlite/t"));
        Assert.Equal(
            ["BIGINT|DECIMAL(10,2)|DOUBLE|BLOB|BOOLEAN|DATE|TIMESTAMP|BIGINT|DOUBLE"],
            _lake.Rows("SELECT typeof(id), typeof(price), typeof(rate), typeof(data), typeof(paid), typeof(day), typeof(\"at\"), typeof(loose), typeof(total) FROM $files WHERE id = 1", "raw/sqlite/t"));
    }

    [Theory]
    [InlineData("age INTEGER", "'abc'", "`age` is the text \"abc\", the column is INTEGER, in row 2 of `t`")]
    [InlineData("age INTEGER", "1.5", "`age` is the number 1.5, the column is INTEGER")]
    [InlineData("age BOOLEAN", "2", "`age` is the number 2, the column is BOOLEAN")]
    [InlineData("age DECIMAL(4,1)", "1.25", "`age` is the number 1.25, the column is DECIMAL(4,1)")]
    [InlineData("age DATE", "'yesterday'", "`age` is the text \"yesterday\", the column is DATE")]
    [InlineData("age TEXT", "x'ff'", "`age` is 1 bytes, the column is TEXT")]
    [InlineData("age TEXT", "CAST(x'ff' AS TEXT)", "`age` is a text that is not valid UTF-8")]
    [InlineData("age REAL", "'abc'", "`age` is the text \"abc\", the column is REAL")]
    public async Task Ingest_AValueThatIsNotOfItsColumn_FailsTheTableByNameAndNotTheOthers(string column, string value, string message)
    {
        SqliteFile.Execute(File, $"CREATE TABLE t ({column}); INSERT INTO t VALUES (NULL), ({value}); CREATE TABLE other (id INTEGER); INSERT INTO other VALUES (1);");

        var run = await _lake.RunAsync("ingest sqlite:shop.db --to $B");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Null(await _lake.SnapshotAsync("sqlite", "t"));
        Assert.Equal(["1"], _lake.Rows("SELECT id FROM $files", "raw/sqlite/other"));
    }

    [Fact]
    public async Task Ingest_ByACursor_BringsEachRowOnce()
    {
        SqliteFile.Execute(File, "CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT); INSERT INTO events VALUES (1, 'a'), (2, 'b'); CREATE TABLE kinds (name TEXT); INSERT INTO kinds VALUES ('x');");
        await _lake.DoAsync("ingest sqlite:shop.db --to $B --cursor id");
        SqliteFile.Execute(File, "INSERT INTO events VALUES (3, 'c'); DELETE FROM events WHERE id = 1; DELETE FROM kinds; INSERT INTO kinds VALUES ('y'), ('z');");

        await _lake.DoAsync("ingest sqlite:shop.db --to $B --cursor id");
        await _lake.DoAsync("ingest sqlite:shop.db --to $B --cursor id");

        Assert.Equal(["1|a", "2|b", "3|c"], _lake.Rows("SELECT id, \"at\" FROM $files ORDER BY id", "raw/sqlite/events"));
        Assert.Equal(["y", "z"], _lake.Rows("SELECT name FROM $files ORDER BY 1", "raw/sqlite/kinds"));
    }

    [Theory]
    [InlineData("at", "2026-01-03", "3,4")]
    [InlineData("id", "1", "2,3,4")]
    public async Task Ingest_Since_BeginsAfterAValueOfTheCursor(string cursor, string since, string expected)
    {
        SqliteFile.Execute(File, "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '2026-01-01 00:00:00'), (2, '2026-01-02 00:00:00'), (3, '2026-01-03 00:00:00'), (4, '2026-01-04 00:00:00');");

        await _lake.DoAsync($"ingest sqlite:shop.db --to $B --cursor {cursor} --since {since}");

        Assert.Equal(expected, string.Join(',', _lake.Rows("SELECT id FROM $files ORDER BY 1", "raw/sqlite/t")));
    }

    [Fact]
    public async Task Ingest_HostileNamesAndAView_AreRead()
    {
        SqliteFile.Execute(File, """
            CREATE TABLE "select" ("from" TEXT, "a""b" INTEGER, dt TEXT, DT2 TEXT); INSERT INTO "select" VALUES ('f', 1, 'd', 'e');
            CREATE VIEW "très; drop" AS SELECT "from", count(*) AS n FROM "select" GROUP BY 1; CREATE TABLE void (id INTEGER);
            """);
        _lake.Write("pipe.yaml", $"bucket: {_lake.Bucket}\n");
        _lake.Write("pipelines/odd.yaml", "source: {sqlite: shop.db, name: odd, streams: [select, void, 'très; drop']}\n");

        await _lake.DoAsync("ingest odd");

        Assert.Equal(["f|1|d|e"], _lake.Rows("SELECT \"from\", \"a\"\"b\", dt_, DT2 FROM $files".Replace("dt_", $"\"{Assert.Single((await _lake.SnapshotAsync("odd", "select"))!.Metadata.Schema.Fields, field => field.Name.StartsWith("dt_", StringComparison.Ordinal)).Name}\"", StringComparison.Ordinal), "raw/odd/select"));
        Assert.Equal(["f|1"], _lake.Rows("SELECT \"from\", n FROM $files", "raw/odd/tr_s__drop"));
        Assert.NotNull(await _lake.SnapshotAsync("odd", "void"));
    }

    [Theory]
    [InlineData("missing.db", "there is no file `missing.db`", 2)]
    [InlineData("text.db", "`text.db` is not an SQLite database", 1)]
    public async Task Ingest_AFileThatIsNone_IsNamed(string file, string message, int exitCode)
    {
        _lake.Write("text.db", new string('x', 5000));

        var run = await _lake.RunAsync($"ingest sqlite:{file} --to $B");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_ATextThatIsUtf16InTheFile_IsUtf8InTheTable()
    {
        SqliteFile.Execute(File, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (name TEXT); INSERT INTO t VALUES ('Grüße 😀');");

        await _lake.DoAsync("ingest sqlite:shop.db --to $B");

        Assert.Equal(["Grüße 😀"], _lake.Rows("SELECT name FROM $files", "raw/sqlite/t"));
    }

    public void Dispose() => _lake.Dispose();
}
