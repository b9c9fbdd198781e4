using System.Text;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class ResultReaderTests : DuckDbFixture
{
    // DuckDB computes the fraction of the last instant in doubles.
    private const string InexactInDuckDb = "294247-01-10 04:00:54.776806+00";

    [Fact]
    public void GetValue_EveryTypeOfDuckDb_ReadsAsDuckDbWritesIt()
    {
        using var names = Connection.Query("FROM test_all_types()");
        var columns = names.Columns.Where(c => c.Name is not ("variant" or "geometry")).Select(c => Sql.Identifier(c.Name)).ToList();
        names.Dispose();
        var values = Rows($"SELECT {string.Join(", ", columns)} FROM test_all_types()");
        var texts = Rows($"SELECT {string.Join(", ", columns.Select(c => c + "::VARCHAR"))} FROM test_all_types()");
        var wrong = new List<string>();
        for (var row = 0; row < values.Count; row++)
            for (var column = 0; column < columns.Count; column++)
            {
                var text = values[row][column] is null ? null : ValueTextOf(values[row][column]);
                if (text != (string?)texts[row][column] && (string?)texts[row][column] != InexactInDuckDb)
                    wrong.Add($"{columns[column]}: DuckDB writes {texts[row][column] ?? "NULL"}, read was {text ?? "NULL"}");
            }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727")]
    [InlineData("-12345678901234567890123456789012345.678::DECIMAL(38,3)", "-12345678901234567890123456789012345.678")]
    [InlineData("-0.05::DECIMAL(38,2)", "-0.05")]
    [InlineData("DATE '294247-01-10'", "294247-01-10")]
    [InlineData("DATE '0044-03-15 (BC)'", "0044-03-15 (BC)")]
    [InlineData("'-infinity'::TIMESTAMPTZ", "-infinity")]
    [InlineData("TIMESTAMP_NS '2024-01-01 00:00:00.123456789'", "2024-01-01 00:00:00.123456789")]
    [InlineData("TIME '24:00:00'", "24:00:00")]
    [InlineData("-INTERVAL '1 year 14 months 3 days 04:05:06.7'", "-2 years -2 months -3 days -04:05:06.7")]
    [InlineData("'-123456789012345678901234567890123456789012'::BIGNUM", "-123456789012345678901234567890123456789012")]
    public void GetValue_BeyondDotNetsTypes_IsExact(string sql, string text) => Assert.Equal(text, ValueTextOf(One($"SELECT {sql}")));

    [Theory]
    [InlineData("DOUBLE")]
    [InlineData("FLOAT")]
    public void GetText_FloatingPoint_IsAsDuckDbWritesIt(string type)
    {
        var wrong = Rows($"SELECT v, v::VARCHAR FROM (SELECT unnest([1, -1, 123456789, 1.5, 0.1, 1e-3]) * pow(10, i) * (CASE WHEN i % 2 = 0 THEN 1 ELSE 1.0000001 END) AS d FROM range(-30, 30) t(i)) s, LATERAL (SELECT d::{type} AS v) UNION ALL SELECT '-0'::{type}, '-0'::{type}::VARCHAR")
            // of large numbers of 32 bits DuckDB writes more digits than it needs
            .Where(row => ValueTextOf(row[0]) != (string?)row[1] && !(row[0] is float f && f == float.Parse((string)row[1]!, System.Globalization.CultureInfo.InvariantCulture) && Math.Abs(f) > 1e8f)).Select(row => $"DuckDB writes {row[1]}, read was {ValueTextOf(row[0])}").ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void GetValue_Nested_IsStructured()
    {
        var value = Assert.IsType<StructValue>(One("SELECT {'a': [1, NULL], 'm': MAP {'k': {'x': 1.50}}, 'u': union_value(n := 5)}"));
        Assert.Equal([1, null], Assert.IsType<object?[]>(value.Fields[0].Value));
        var pair = Assert.IsType<MapValue>(value.Fields[1].Value).Pairs[0];
        Assert.Equal(("k", 1.50m), (pair.Key, Assert.IsType<StructValue>(pair.Value).Fields[0].Value));
        Assert.Equal(new UnionValue("n", 5), value.Fields[2].Value);
    }

    [Fact]
    public void Reader_Spans_AreTheVectors()
    {
        using var rows = Connection.Query("SELECT i::BIGINT AS a, CASE WHEN i % 3 = 0 THEN NULL ELSE 'text ' || i END AS b, [i, i + 1] AS c FROM range(5000) t(i)");
        var count = 0;
        while (rows.NextChunk())
        {
            var numbers = rows.Chunk.Reader(0).Values<long>();
            var texts = rows.Chunk.Reader(1);
            var lists = rows.Chunk.Reader(2);
            var elements = lists.Element().Values<long>();
            for (var row = 0; row < rows.Chunk.Count; row++, count++)
            {
                Assert.Equal(count, numbers[row]);
                Assert.Equal(count % 3 == 0, texts.IsNull(row));
                if (count % 3 != 0)
                    Assert.Equal($"text {count}", Encoding.UTF8.GetString(texts.String(row)));
                var (offset, length) = lists.List(row);
                Assert.Equal((2, count, count + 1), (length, elements[offset], elements[offset + 1]));
            }
        }
        Assert.Equal(5000, count);
    }

    [Fact]
    public void GetValue_Variant_IsAUserErrorWithTheWayOut()
    {
        Assert.Contains("CAST", Assert.Throws<DataSpoc.Contracts.UserError>(() => One("SELECT 1::VARIANT")).Hint, StringComparison.Ordinal);
        Assert.Equal("1", One("SELECT 1::VARIANT::VARCHAR"));
    }

    [Fact]
    public void GetValue_Geometry_IsItsBytes() => Assert.IsType<byte[]>(One("SELECT 'POINT(1 2)'::GEOMETRY"));

    [Fact]
    public void Reader_OfAnotherSize_IsRefused()
    {
        using var rows = Connection.Query("SELECT 1::INTEGER AS a, 'x' AS b");
        Assert.True(rows.NextChunk());
        Assert.Throws<InvalidOperationException>(() => _ = rows.Chunk.Reader(0).Values<long>().Length);
        Assert.Throws<InvalidOperationException>(() => _ = rows.Chunk.Reader(0).String(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = rows.Chunk.Reader(1).String(1).Length);
    }

    [Fact]
    public void NextChunk_NoRows_IsFalseAndColumnsAreKnown()
    {
        using var rows = Connection.Query("SELECT 1 AS a, 'x' AS \"B b\" WHERE false");
        Assert.Equal(["a", "B b"], rows.Columns.Select(c => c.Name));
        Assert.False(rows.NextChunk());
    }

    private static string? ValueTextOf(object? value) => DataSpoc.Contracts.DuckDb.Values.ValueText.Of(value);
}
