using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class ParquetFooterTests : DuckDbFixture
{
    [Fact]
    public void Statistics_AreDeltas()
    {
        var file = ParquetWriter.Write(
            Connection,
            """
            SELECT CASE WHEN i < 10 THEN NULL ELSE i END AS n, (i - 300000)::DECIMAL(30,2) AS d, 'text ' || i AS s, i / 4 AS f,
                   CASE WHEN i = 5 THEN 'nan' ELSE '1' END::DOUBLE AS nan, DATE '2024-01-01' + (i % 100)::INT AS day,
                   TIMESTAMPTZ '2024-01-01 00:00:00.1234567+00' + to_seconds(i % 2) AS at, TIMESTAMP '2024-01-01 00:00:00.1230001' AS clock,
                   {'a': i, 'b': {'c': NULL::INT}} AS nested, [i, NULL] AS list, MAP {'k': i} AS map, i % 2 = 0 AS flag, 'x'::BLOB AS bytes, NULL::VARCHAR AS nothing
            FROM range(300000) t(i)
            """,
            Temp.File("x.parquet"),
            new(),
            Cancel);
        Assert.Equal(300_000, file.Rows);
        Assert.Equal(300_000, file.Statistics.NumRecords);
        Assert.Equal(new FileInfo(file.Path).Length, file.Bytes);
        AssertJson("""
            {"n":10,"d":-300000.00,"s":"text 0","f":0,"day":"2024-01-01","at":"2024-01-01T00:00:00.123Z","clock":"2024-01-01T00:00:00.123","nested":{"a":0}}
            """, file.Statistics.MinValues);
        AssertJson("""
            {"n":299999,"d":-1.00,"s":"text 99999","f":74999.75,"day":"2024-04-09","at":"2024-01-01T00:00:01.124Z","clock":"2024-01-01T00:00:00.123","nested":{"a":299999}}
            """, file.Statistics.MaxValues);
        AssertJson("""
            {"n":10,"d":0,"s":0,"f":0,"nan":0,"day":0,"at":0,"clock":0,"nested":{"a":0,"b":{"c":300000}},"flag":0,"bytes":0,"nothing":300000}
            """, file.Statistics.NullCount);
    }

    [Fact]
    public void Statistics_ExtremeValues_AreLeftOutOrSound()
    {
        var file = ParquetWriter.Write(
            Connection,
            "SELECT 'infinity'::TIMESTAMP AS a, '290000-01-01'::DATE AS b, 'inf'::DOUBLE AS c, '9999999999999999999999999999.9999999999'::DECIMAL(38,10) AS d, repeat('é', 300) AS e, repeat('z', 40) AS f",
            Temp.File("x.parquet"),
            new(),
            Cancel);
        AssertJson($$"""{"d":9999999999999999999999999999.9999999999,"f":"{{new string('z', 32)}}"}""", file.Statistics.MinValues);
        Assert.Equal(0, string.CompareOrdinal(new string('z', 31) + "{", file.Statistics.MaxValues!["f"]!.GetValue<string>()));
    }

    [Fact]
    public void Read_NoRows_HasNoBounds()
    {
        var file = ParquetWriter.Write(Connection, "SELECT 1 AS a, 'x' AS b WHERE false", Temp.File("x.parquet"), new(), Cancel);
        Assert.Equal((0, 2), (file.Rows, file.Columns.Count));
        AssertJson("{}", file.Statistics.MinValues);
    }

    [Theory]
    [InlineData("a'b \"c\", [d] *?.parquet")]
    [InlineData("dt=2024-01-01 ü.parquet")]
    public void Read_OddFileName_IsTakenLiterally(string name)
    {
        File.WriteAllBytes(Temp.File("other.parquet"), [1, 2, 3]);
        var file = ParquetWriter.Write(Connection, "SELECT 1 AS a", Temp.File(name), new(), Cancel);
        Assert.Equal(["a"], file.Columns.Select(c => c.Name));
        Assert.Equal(1, file.Rows);
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a'b; DROP")]
    [InlineData(" ")]
    [InlineData("ünï\U0001F600")]
    [InlineData("a.b, c")]
    public void Write_OddColumnName_ComesBack(string name)
    {
        var file = ParquetWriter.Write(Connection, $"SELECT 1 AS {Sql.Identifier(name)}", Temp.File("x.parquet"), new(), Cancel);
        Assert.Equal([name], file.Columns.Select(c => c.Name));
        Assert.Equal(1, file.Statistics.MinValues![name]!.GetValue<int>());
    }

    [Fact]
    public void Write_TwoColumnsThatDifferInCase_IsAUserError() =>
        Assert.Contains("`A`", Assert.Throws<UserError>(() => ParquetWriter.Write(Connection, "SELECT 1 AS a, 2 AS A", Temp.File("x.parquet"), new(), Cancel)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_MissingFolderGarbageEmpty_AreUserErrors()
    {
        File.WriteAllText(Temp.File("garbage.parquet"), "PAR1 this is not parquet PAR1");
        File.WriteAllText(Temp.File("empty.parquet"), "");
        foreach (var path in new[] { Temp.File("missing.parquet"), Temp.Path, Temp.File("garbage.parquet"), Temp.File("empty.parquet") })
        {
            var error = Assert.Throws<UserError>(() => ParquetFooter.Read(Connection, path));
            Assert.Contains(path, error.What + string.Join("", error.Where), StringComparison.Ordinal);
        }
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected.Trim()}\nactual   {actual?.ToJsonString()}");
}
