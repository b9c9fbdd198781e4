using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

/// <summary>Texts as numbers, without the rounding of DuckDB's own cast.</summary>
public sealed class ExactNumbersTests : IDisposable
{
    private readonly Database database = Database.Open(new());
    private readonly Connection connection;

    public ExactNumbersTests() => connection = database.Connect();

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
        using var result = other.Query($"SELECT {ExactNumbers.Whole("'2'", "")}");
        Assert.True(result.NextChunk());
        Assert.Equal(2L, result.GetValue(0, 0));
    }

    public void Dispose()
    {
        connection.Dispose();
        database.Dispose();
    }

    [Theory]
    [InlineData("0.1", 0.1)]
    [InlineData("-12.50", -12.5)]
    [InlineData(" +7 ", 7d)]
    [InlineData(".5", 0.5)]
    [InlineData("1.", 1d)]
    [InlineData("-0.0", -0.0)]
    [InlineData("0.30000000000000004", 0.1 + 0.2)]
    [InlineData("0.10000000000000001", 0.1)]
    [InlineData("0.1000000000000000055511151231257827", 0.1)]
    [InlineData("9007199254740993.0000", null)]
    [InlineData("9007199254740992", 9007199254740992d)]
    [InlineData("1e22", 1e22)]
    [InlineData("1E+300", 1e300)]
    [InlineData("123456789012345", 123456789012345d)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("4.94065645841246544e-324", double.Epsilon)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("NaN", double.NaN)]
    [InlineData("0e999999", 0.0)]
    [InlineData("0.12345678901234567890", null)]
    [InlineData("1234567890123456.7", null)]
    [InlineData("9007199254740993", null)]
    [InlineData("12345678901234567890123", null)]
    [InlineData("1e400", null)]
    [InlineData("1e-400", null)]
    [InlineData("1.23456789e-320", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData(".", null)]
    [InlineData("1e", null)]
    [InlineData("1_000", null)]
    [InlineData("1,5", null)]
    [InlineData("0x10", null)]
    [InlineData("infinite", null)]
    [InlineData("1.2.3", null)]
    public void Double_OfAnExactText_IsIt_AndOfAnyOtherNothing(string text, double? expected)
    {
        var read = (double?)Read($"SELECT {ExactNumbers.Double(Sql.Literal(text), "")}");
        Assert.Equal(expected.HasValue, read.HasValue);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected ?? 0), BitConverter.DoubleToInt64Bits(read ?? 0));
        if (expected is null)
            Assert.Contains("cannot hold " + text, Assert.Throws<DuckDbException>(() => Read($"SELECT {ExactNumbers.Double(Sql.Literal(text), "a DOUBLE cannot hold ")}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Double_OfWhatDoublesPrint_IsTheDouble()
    {
        const string Rows = "(SELECT (random() - 0.5) * pow(10, (random() * 40 - 20)::INT) AS d FROM range(50000))";
        Assert.Equal(0L, Read($"SELECT count(*) FROM {Rows} WHERE {ExactNumbers.Double("CAST(d AS VARCHAR)", "not ")} IS DISTINCT FROM d OR {ExactNumbers.Double("printf('%.16e', d)", "not ")} IS DISTINCT FROM d"));
        Assert.Equal(0L, Read($"SELECT count(*) FROM (SELECT i / 100.0 AS d FROM range(200000) t(i)) WHERE {ExactNumbers.Double("CAST(d AS VARCHAR)", "")} IS DISTINCT FROM d"));
    }

    private static string Call(string text) => ExactNumbers.Whole(text, "a BIGINT cannot hold ");

    private object? Read(string sql)
    {
        using var result = connection.Query(sql);
        Assert.True(result.NextChunk());
        return result.GetValue(0, 0);
    }
}
