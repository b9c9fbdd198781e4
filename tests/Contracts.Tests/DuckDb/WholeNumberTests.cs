using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

/// <summary>Texts as whole numbers, without the rounding of DuckDB's own cast.</summary>
public sealed class WholeNumberTests : IDisposable
{
    private readonly Database database = Database.Open(new());
    private readonly Connection connection;

    public WholeNumberTests() => connection = database.Connect();

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("-7", -7)]
    [InlineData("+7", 7)]
    [InlineData("  42 ", 42)]
    [InlineData("007", 7)]
    [InlineData("12.", 12)]
    [InlineData("12.000", 12)]
    [InlineData("-12.0", -12)]
    [InlineData("999999999999999999", 999999999999999999)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("000000000000000000000000000001", 1)]
    public void WholeNumber_OfAnExactText_IsIt(string text, long expected) => Assert.Equal(expected, Read($"SELECT {Call(Sql.Literal(text))}"));

    [Theory]
    [InlineData("12.50")]
    [InlineData("0.1")]
    [InlineData("1e3")]
    [InlineData("15E-1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("99999999999999999999999999999999999999999999999999")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData(".0")]
    [InlineData("1 2")]
    [InlineData("1_000")]
    [InlineData("0x10")]
    [InlineData("--1")]
    [InlineData("1.0.0")]
    [InlineData("twelve, in a text that does not lie inline")]
    [InlineData("١٢")]
    public void WholeNumber_OfAnyOtherText_IsAnErrorThatNamesIt(string text)
    {
        var error = Assert.Throws<DuckDbException>(() => Read($"SELECT {Call(Sql.Literal(text))}"));
        Assert.Contains("cannot hold " + text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumber_OverManyRowsAndThreads_KeepsNullsAndNamesTheOneThatIsNone()
    {
        const string Rows = "(SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE CAST(i * 1000003 AS VARCHAR) END AS text, i FROM range(1000000) t(i))";
        Assert.Equal(1_000_000L, Read($"SELECT count(*) FROM {Rows} WHERE {Call("text")} IS NOT DISTINCT FROM CASE WHEN i % 7 = 0 THEN NULL ELSE i * 1000003 END"));
        var error = Assert.Throws<DuckDbException>(() => Read($"SELECT sum({Call("text")}) FROM (SELECT CASE WHEN i = 777777 THEN '3.14' ELSE text END AS text FROM {Rows})"));
        Assert.Contains("cannot hold 3.14", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumber_AfterAStreamThatWasNotReadToItsEnd_IsKnown()
    {
        using (var result = connection.Query("FROM range(1000000)"))
            Assert.True(result.NextChunk());
        Assert.Equal(5L, Read($"SELECT {Call("'5'")}"));
    }

    [Fact]
    public void WholeNumber_OnConnectionsOfOneDatabase_IsKnownToAll()
    {
        using var other = database.Connect();
        _ = connection.WholeNumber("'1'", "");
        using var result = other.Query($"SELECT {other.WholeNumber("'2'", "")}");
        Assert.True(result.NextChunk());
        Assert.Equal(2L, result.GetValue(0, 0));
    }

    public void Dispose()
    {
        connection.Dispose();
        database.Dispose();
    }

    private string Call(string text) => connection.WholeNumber(text, "a BIGINT cannot hold ");

    private object? Read(string sql)
    {
        using var result = connection.Query(sql);
        Assert.True(result.NextChunk());
        return result.GetValue(0, 0);
    }
}
