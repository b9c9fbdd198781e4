using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class ConnectionTests : DuckDbFixture
{
    [Fact]
    public void Version_IsThePinnedOne() => Assert.Equal("v1.5.6", Database.Version);

    [Theory]
    [InlineData("parquet")]
    [InlineData("json")]
    [InlineData("icu")]
    [InlineData("autocomplete")]
    [InlineData("core_functions")]
    public void Extension_IsLinkedIn(string name)
    {
        using var rows = Connection.Query("SELECT loaded, install_mode FROM duckdb_extensions() WHERE extension_name = ?", name);
        Assert.True(rows.NextChunk());
        Assert.Equal(true, rows.GetValue(0, 0));
        Assert.Equal("STATICALLY_LINKED", rows.GetValue(1, 0));
    }

    [Theory]
    [InlineData("TimeZone", "UTC")]
    [InlineData("autoinstall_known_extensions", "false")]
    [InlineData("autoload_known_extensions", "false")]
    public void Open_SetsWhatEveryToolNeeds(string setting, string value) =>
        Assert.Equal(value, One("SELECT current_setting(?)::VARCHAR", setting));

    [Fact]
    public void Query_Parameters_ComeBackAsThemselves()
    {
        object?[] values =
        [
            null, true, 7, -7L, ulong.MaxValue, Int128.MinValue + 1, 1.5f, 2.5d, 12345678901234567.89m, "ü\"'", new byte[] { 0, 255 },
            new DateOnly(2024, 2, 29), new TimeOnly(23, 59, 58, 123, 456), new DateTime(1969, 12, 31, 23, 59, 59), new DateTimeOffset(2024, 1, 1, 2, 0, 0, TimeSpan.Zero),
        ];
        foreach (var value in values)
            Assert.Equal(value, One("SELECT ?", value));
    }

    [Fact]
    public void Query_SeveralStatements_LastOneAnswers() =>
        Assert.Equal(3L, One("CREATE TABLE t(a BIGINT); INSERT INTO t VALUES (1), (2); SELECT sum(a)::BIGINT FROM t"));

    [Fact]
    public void Query_NotSql_SaysWhere()
    {
        var error = Assert.Throws<DuckDbException>(() => Connection.Query("selct 1"));
        Assert.Equal(DuckDbError.Parser, error.Error);
        Assert.Contains("selct", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Query_UnknownTable_IsACatalogError() =>
        Assert.Equal(DuckDbError.Catalog, Assert.Throws<DuckDbException>(() => Connection.Query("FROM nowhere")).Error);

    [Fact]
    public void Query_FailsWhileStreaming_ThrowsWithTheReason()
    {
        using var rows = Connection.Query("SELECT CASE WHEN i = 900000 THEN error('at the end') ELSE 'x' END FROM range(1000000) t(i)");
        var error = Assert.Throws<DuckDbException>(() =>
        {
            while (rows.NextChunk())
            {
            }
        });
        Assert.Contains("at the end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Query_NulInside_IsRefused() => Assert.Throws<DuckDbException>(() => Connection.Query("SELECT 1\0; DROP TABLE t"));

    [Fact]
    public void Query_WhileAResultIsOpen_IsRefused()
    {
        using var rows = Connection.Query("SELECT 1");
        Assert.Throws<InvalidOperationException>(() => Connection.Query("SELECT 2"));
    }

    [Fact]
    public void Query_Streaming_DoesNotWaitForTheEnd()
    {
        using var rows = Connection.Query("SELECT i, repeat('x', 1000) FROM range(100000000000) t(i)");
        Assert.True(rows.NextChunk());
        Assert.Equal(0L, rows.GetValue(0, 0));
    }

    [Fact]
    public async Task Interrupt_LongStatement_ThrowsCancelled()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Task.Run(() => Connection.Execute("SELECT count(*) FROM range(10000000) a(i), range(10000000) b(j) WHERE (i * j) % 7 = 1", cancel.Token), TestContext.Current.CancellationToken));
        Assert.Equal(1, One("SELECT 1"));
    }

    [Fact]
    public void Interrupt_WhileStreaming_ThrowsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        using (var rows = Connection.Query("SELECT i FROM range(100000000000) t(i)", cancel.Token))
        {
            Assert.True(rows.NextChunk());
            cancel.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => rows.NextChunk());
        }
        Assert.Equal(1, One("SELECT 1"));
    }

    [Theory]
    [InlineData("SELECT * FROM raw.orders JOIN \"odd name\" USING (id)", new[] { "\"odd name\"", "raw.orders" })]
    [InlineData("WITH o AS (FROM raw.orders) SELECT * FROM o NATURAL JOIN b.raw.lines WHERE x IN (SELECT y FROM z)", new[] { "b.raw.lines", "raw.orders", "z" })]
    [InlineData("DESCRIBE raw.orders", new[] { "raw.orders" })]
    [InlineData("SUMMARIZE raw.orders", new[] { "raw.orders" })]
    [InlineData("SELECT 1", new string[0])]
    public void TableNames_AreThoseOfTheText(string sql, string[] names) => Assert.Equal(names, Connection.TableNames(sql));

    [Fact]
    public void TableNames_NotSql_Throws() => Assert.Throws<DuckDbException>(() => Connection.TableNames("selct"));
}
