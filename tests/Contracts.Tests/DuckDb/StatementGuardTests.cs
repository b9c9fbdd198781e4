using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Guarding;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class StatementGuardTests : DuckDbFixture
{
    private readonly string mounted;
    private readonly string odd;
    private readonly string other;
    private readonly string export;

    public StatementGuardTests()
    {
        Directory.CreateDirectory(Temp.File("inside"));
        mounted = Temp.File("inside/a.parquet");
        odd = Temp.File("inside/[o]*'dd?.parquet");
        other = Temp.File("inside/b.parquet");
        export = Temp.File("export.csv");
        foreach (var path in new[] { mounted, odd, other })
            ParquetWriter.Write(Connection, "SELECT i AS a, i % 2 AS b FROM range(10) t(i)", path, new(), Cancel);
        Connection.Execute($"CREATE VIEW t AS FROM read_parquet({Sql.Literal(mounted)})", Cancel);
        Lockdown.Apply(Connection, [mounted, odd], export);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM t")]
    [InlineData("  -- a comment; with a semicolon\n FROM t /* and ; /* another */ */ ;")]
    [InlineData("WITH x AS (FROM t) SELECT * FROM x;")]
    [InlineData("(SELECT 1) UNION ALL (SELECT 2)")]
    [InlineData("VALUES (1), (2)")]
    [InlineData("TABLE t")]
    [InlineData("DESCRIBE t")]
    [InlineData("SHOW TABLES")]
    [InlineData("SUMMARIZE t")]
    [InlineData("PIVOT t ON b USING sum(a)")]
    [InlineData("PIVOT t ON b IN (0, 1) USING sum(a)")]
    [InlineData("SELECT * FROM (PIVOT t ON b USING sum(a))")]
    [InlineData("UNPIVOT t ON a, b")]
    [InlineData("EXPLAIN SELECT * FROM t")]
    [InlineData("EXPLAIN ANALYZE SELECT * FROM t")]
    [InlineData("EXPLAIN (FORMAT json) SELECT * FROM t")]
    [InlineData("EXPLAIN (ANALYZE, FORMAT json) SELECT * FROM t")]
    [InlineData("EXPLAIN (SELECT 1)")]
    [InlineData("SELECT ';', \";\", $$;$$, $a$ ; $$ ; $a$, E'\\';' FROM (SELECT 1 AS \";\")")]
    [InlineData("SELECT 'insert', 'enable_logging(1)' -- drop table t")]
    [InlineData("SELECT 1 AS query, 2 AS checkpoint")]
    public void Query_AQuery_Runs(string sql)
    {
        using var rows = StatementGuard.Query(Connection, sql, Cancel);
        Assert.True(rows.NextChunk());
    }

    [Theory]
    [InlineData("", "no statement")]
    [InlineData(" ; -- nothing", "no statement")]
    [InlineData("SELECT 1; SELECT 2", "more than one")]
    [InlineData("SELECT 1; DROP VIEW t", "more than one")]
    [InlineData("PIVOT t ON b USING sum(a); DROP VIEW t", "more than one")]
    [InlineData("INSERT INTO t VALUES (1)", "`INSERT`")]
    [InlineData("CREATE TABLE x AS SELECT 1", "`CREATE`")]
    [InlineData("CREATE TABLE x AS PIVOT t ON b USING sum(a)", "`CREATE`")]
    [InlineData("DROP VIEW t", "`DROP`")]
    [InlineData("COPY t TO 'x.csv'", "`COPY`")]
    [InlineData("EXPORT DATABASE 'x'", "`EXPORT`")]
    [InlineData("ATTACH ':memory:' AS m", "`ATTACH`")]
    [InlineData("SET threads = 1", "`SET`")]
    [InlineData("PRAGMA version", "`PRAGMA`")]
    [InlineData("CALL pragma_version()", "`CALL`")]
    [InlineData("PREPARE p AS SELECT 1", "`PREPARE`")]
    [InlineData("INSTALL httpfs", "`INSTALL`")]
    [InlineData("BEGIN", "`BEGIN`")]
    [InlineData("EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1", "`CREATE`")]
    [InlineData("EXPLAIN (ANALYZE) INSERT INTO t VALUES (1)", "`INSERT`")]
    [InlineData("explain /* x */ analyze drop view t", "`DROP`")]
    [InlineData("EXPLAIN", "nothing to explain")]
    [InlineData("EXPLAIN PIVOT t ON b USING sum(a)", "PIVOT")]
    [InlineData("SELECT * FROM enable_logging(storage = 'file')", "`enable_logging`")]
    [InlineData("SELECT * FROM \"enable_logging\" (storage = 'file')", "`enable_logging`")]
    [InlineData("SELECT * FROM system.main.Enable_Profiling\u00A0/**/ ()", "`Enable_Profiling`")]
    [InlineData("SELECT * FROM query('SELECT 1')", "`query`")]
    [InlineData("SELECT 'SELECT 1'.query()", "`query`")]
    [InlineData("SELECT * FROM arrow_scan(1::POINTER, 2::POINTER, 3::POINTER)", "`arrow_scan`")]
    [InlineData("SELECT * FROM dataspoc_chunks(1)", "`dataspoc_chunks`")]
    public void Query_AnythingElse_IsRefusedAndSaysWhy(string sql, string why)
    {
        var error = Assert.Throws<UserError>(() => StatementGuard.Query(Connection, sql, Cancel));
        Assert.Contains(why, error.What, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Equal(10L, One("SELECT count(*) FROM t"));
        Assert.Equal([mounted, odd, other], Directory.GetFiles(Temp.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).OrderBy(f => f != mounted).ThenBy(f => f == other));
    }

    [Theory]
    [InlineData("SELECT * FROM '{other}'")]
    [InlineData("SELECT * FROM read_parquet('{inside}/*.parquet')")]
    [InlineData("SELECT * FROM read_parquet('{inside}/../inside/b.parquet')")]
    [InlineData("SELECT * FROM glob('{inside}/*')")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM sniff_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM read_blob('/proc/self/environ')")]
    [InlineData("SELECT * FROM 's3://bucket/x.parquet'")]
    [InlineData("FROM parquet_metadata('{other}')")]
    [InlineData("FROM parquet_kv_metadata('{inside}/*')")]
    public void Query_AnotherFile_IsNotReadable(string sql)
    {
        sql = sql.Replace("{other}", other, StringComparison.Ordinal).Replace("{inside}", Temp.File("inside"), StringComparison.Ordinal);
        Assert.Throws<DuckDbException>(() =>
        {
            using var rows = StatementGuard.Query(Connection, sql, Cancel);
            rows.NextChunk();
        });
    }

    [Fact]
    public void Query_SymbolicLinkOut_IsNotReadable()
    {
        File.CreateSymbolicLink(Temp.File("inside/link.parquet"), other);
        Assert.Throws<DuckDbException>(() => StatementGuard.Query(Connection, $"FROM '{Temp.File("inside/link.parquet")}'", Cancel));
    }

    [Fact]
    public void Apply_FileWithGlobCharacters_IsReadable() =>
        Assert.Equal(10L, One($"SELECT count(*) FROM read_parquet({Sql.Literal(Temp.File("inside/[[]o][*]'dd[?].parquet"))})"));

    [Fact]
    public void Apply_ExportFile_IsTheOnlyOneWritten()
    {
        var select = StatementGuard.Checked(Connection, "SELECT * FROM t -- all of it");
        Connection.Execute($"COPY (\n{select}\n) TO {Sql.Literal(export)}", Cancel);
        Assert.Equal(11, File.ReadAllLines(export).Length);
        Assert.Throws<DuckDbException>(() => Connection.Execute($"COPY (\n{select}\n) TO {Sql.Literal(export + "2")}", Cancel));
        Assert.Throws<DuckDbException>(() => Connection.Execute($"COPY (SELECT 1) TO {Sql.Literal(mounted)} (PER_THREAD_OUTPUT)", Cancel));
    }

    [Theory]
    [InlineData("SET GLOBAL enable_external_access = true")]
    [InlineData("SET GLOBAL lock_configuration = false")]
    [InlineData("RESET GLOBAL allowed_paths")]
    [InlineData("SET GLOBAL temp_directory = '/'")]
    [InlineData("LOAD httpfs")]
    [InlineData("ATTACH '/nowhere/x.db'")]
    public void Apply_CannotBeUndone(string sql) => Assert.Throws<DuckDbException>(() => Connection.Execute(sql, Cancel));

    [Fact]
    public void Functions_OfTheLibrary_AreAllSorted()
    {
        using var database = Database.Open(new());
        using var fresh = database.Connect();
        using var rows = fresh.Query("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table'");
        var unsorted = new List<string>();
        while (rows.NextChunk())
            for (var row = 0; row < rows.Chunk.Count; row++)
                if (rows.GetValue(0, row) is string name && !name.StartsWith("duckdb_", StringComparison.Ordinal)
                    && !RiskyFunctions.Refused.Contains(name) && !RiskyFunctions.Harmless.Contains(name))
                    unsorted.Add(name);
        Assert.Empty(unsorted);
    }

    [Theory]
    [InlineData("SELECT * FROM raw.Shop_Orders o", "shop_orders", true)]
    [InlineData("FROM \"odd \"\"name\"", "odd \"name", true)]
    [InlineData("INSERT INTO shop_orders VALUES (1)", "shop_orders", true)]
    [InlineData("FROM query_table('raw.shop_orders')", "shop_orders", true)]
    [InlineData("-- shop_orders\nSELECT 1", "shop_orders", false)]
    [InlineData("SELECT shop_orders2", "shop_orders", false)]
    public void Mentions_NamesOfAnyKindOfStatement_AreFound(string sql, string name, bool mentioned) => Assert.Equal(mentioned, SqlMentions.In(sql).Contains(name));

    [Theory]
    [InlineData("SHOW TABLES", true)]
    [InlineData("DESCRIBE;", true)]
    [InlineData("FROM duckdb_columns()", true)]
    [InlineData("SELECT * FROM information_schema.tables", true)]
    [InlineData("SELECT 1 FROM t", false)]
    public void Mentions_QuestionsAboutAllTables_NeedTheCatalog(string sql, bool needs) => Assert.Equal(needs, SqlMentions.In(sql).NeedsCatalog);
}
