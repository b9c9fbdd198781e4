using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using Xunit;

namespace Contracts.Tests.DuckDb;

public sealed class VectorWriterTests : DuckDbFixture
{
    [Fact]
    public void Write_EveryPrimitive_ComesBack()
    {
        LogicalType[] types =
        [
            LogicalType.Boolean, LogicalType.TinyInt, LogicalType.SmallInt, LogicalType.Integer, LogicalType.BigInt, LogicalType.Float, LogicalType.Double,
            LogicalType.Decimal(4, 1), LogicalType.Decimal(9, 2), LogicalType.Decimal(18, 3), LogicalType.Decimal(38, 4), LogicalType.Date, LogicalType.Timestamp,
            LogicalType.TimestampTz, LogicalType.Varchar, LogicalType.Blob, LogicalType.HugeInt, LogicalType.Uuid, LogicalType.Of(LogicalKind.UBigInt), LogicalType.Time,
        ];
        using var channel = new ChunkChannel(types);
        var chunk = channel.Rent(Cancel);
        chunk.Writer(0).Set<byte>(0, 1);
        chunk.Writer(1).Set<sbyte>(0, -1);
        chunk.Writer(2).Set<short>(0, -2);
        chunk.Writer(3).Set(0, -3);
        chunk.Writer(4).Set(0, -4L);
        chunk.Writer(5).Set(0, 1.5f);
        chunk.Writer(6).Set(0, 0.1d);
        chunk.Writer(7).Set<short>(0, -9999);
        chunk.Writer(8).Set(0, 123);
        chunk.Writer(9).Set(0, 1234L);
        chunk.Writer(10).Set(0, Int128.Parse("-99999999999999999999999999999999999999", null));
        chunk.Writer(11).Set(0, -1);
        chunk.Writer(12).Set(0, -1L);
        chunk.Writer(13).Set(0, 0L);
        chunk.Writer(14).SetString(0, "zwölf Bytes"u8);
        chunk.Writer(15).SetString(0, [0xFF, 0]);
        chunk.Writer(16).Set(0, (Int128)5);
        chunk.Writer(17).Set(0, UInt128.One << 127);
        chunk.Writer(18).Set(0, ulong.MaxValue);
        chunk.Writer(19).Set(0, 1L);
        for (var column = 0; column < types.Length; column++)
            chunk.Writer(column).SetNull(1);
        chunk.Count = 2;
        channel.Write(chunk);
        channel.Complete();
        var file = ParquetWriter.Write(Connection, channel, [.. types.Select((t, i) => ($"c{i}", t))], Temp.File("x.parquet"), new(), Cancel);
        var rows = Rows($"SELECT columns(*)::VARCHAR FROM '{file.Path}'");
        Assert.Equal(
            ["true", "-1", "-2", "-3", "-4", "1.5", "0.1", "-999.9", "1.23", "1.234", "-9999999999999999999999999999999999.9999", "1969-12-31", "1969-12-31 23:59:59.999999",
                "1970-01-01 00:00:00+00", "zwölf Bytes", "\\xFF\\x00", "5", "00000000-0000-0000-0000-000000000000", "18446744073709551615", "00:00:00.000001"],
            rows[0]);
        Assert.All(rows[1], Assert.Null);
    }

    [Fact]
    public void Write_NestedValues_ComeBack()
    {
        var type = LogicalType.Parse("STRUCT(a INTEGER, b STRUCT(c VARCHAR, d VARCHAR[])[], m MAP(VARCHAR, INTEGER[]))");
        using var channel = new ChunkChannel([type, LogicalType.Parse("INTEGER[2]")]);
        var chunk = channel.Rent(Cancel);
        const int Count = 1500;
        for (var row = 0; row < Count; row++)
            WriteNested(chunk, row);
        chunk.Count = Count;
        channel.Write(chunk);
        channel.Complete();
        var file = ParquetWriter.Write(Connection, channel, [("v", type), ("pair", LogicalType.Parse("INTEGER[2]"))], Temp.File("x.parquet"), new(), Cancel);
        var rows = Rows(
            $$"""
            SELECT count(*) FROM '{{file.Path}}'
            WHERE v IS NOT DISTINCT FROM CASE WHEN v.a % 7 = 6 THEN NULL ELSE v END
              AND len(v.b) = v.a % 10 AND (v.a % 10 < 2 OR v.b[2].c = 'a text longer than twelve bytes ' || v.a AND v.b[1].c IS NULL AND len(v.b[2].d) = 5 AND v.b[2].d[5] = 'e')
              AND v.m['key'] = [v.a, NULL] AND pair = [v.a, NULL]
            """);
        Assert.Equal((long)Enumerable.Range(0, Count).Count(row => row % 7 != 6), rows[0][0]);
        Assert.Equal(Count / 7L, One($"SELECT count(*) FROM '{file.Path}' WHERE v IS NULL AND pair IS NULL"));
    }

    [Fact]
    public void Write_LongText_ComesBack()
    {
        var text = string.Concat(Enumerable.Repeat("ünï\U0001F600 ", 200_000));
        using var channel = new ChunkChannel([LogicalType.Varchar]);
        var chunk = channel.Rent(Cancel);
        chunk.Writer(0).SetString(0, Encoding.UTF8.GetBytes(text));
        chunk.Writer(0).SetString(1, ""u8);
        chunk.Count = 2;
        channel.Write(chunk);
        channel.Complete();
        var file = ParquetWriter.Write(Connection, channel, [("t", LogicalType.Varchar)], Temp.File("x.parquet"), new(), Cancel);
        Assert.Equal([text, ""], Rows($"FROM '{file.Path}'").Select(r => r[0]));
    }

    [Fact]
    public void SetString_NotUtf8_IsAUserError()
    {
        using var chunk = new DataChunk([LogicalType.Varchar]);
        Assert.Throws<UserError>(() => chunk.Writer(0).SetString(0, [0xC3, 0x28]));
    }

    [Fact]
    public void Values_OfAnotherSize_AreRefused()
    {
        using var chunk = new DataChunk([LogicalType.BigInt, LogicalType.Varchar, LogicalType.List(LogicalType.Integer)]);
        Assert.Throws<InvalidOperationException>(() => chunk.Writer(0).Set(0, 1));
        Assert.Throws<InvalidOperationException>(() => chunk.Writer(1).Set(0, Int128.One));
        Assert.Throws<InvalidOperationException>(() => chunk.Writer(2).Set(0, Int128.One));
        Assert.Throws<InvalidOperationException>(() => chunk.Writer(0).SetString(0, "x"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => chunk.Writer(0).SetNull(DataChunk.Capacity));
        Assert.Throws<IndexOutOfRangeException>(() => chunk.Writer(0).Set(-1, 1L));
    }

    private static void WriteNested(DataChunk chunk, int row)
    {
        var (value, pair) = (chunk.Writer(0), chunk.Writer(1));
        if (row % 7 == 6)
        {
            value.SetNull(row);
            pair.SetNull(row);
            return;
        }
        value.Child(0).Set(row, row);
        var list = value.Child(1);
        list.BeginList(row);
        for (var i = 0; i < row % 10; i++)
        {
            var at = list.AppendElement(row);
            if (i % 2 == 0)
            {
                list.Element.SetNull(at);
                continue;
            }
            list.Element.Child(0).SetString(at, Encoding.UTF8.GetBytes($"a text longer than twelve bytes {row}"));
            var texts = list.Element.Child(1);
            texts.BeginList(at);
            foreach (var text in "abcde"u8)
                texts.Element.SetString(texts.AppendElement(at), [text]);
        }
        var map = value.Child(2);
        map.BeginList(row);
        var entry = map.AppendElement(row);
        map.Element.Child(0).SetString(entry, "key"u8);
        var numbers = map.Element.Child(1);
        numbers.BeginList(entry);
        numbers.Element.Set(numbers.AppendElement(entry), row);
        numbers.Element.SetNull(numbers.AppendElement(entry));
        pair.Element.Set(row * 2, row);
        pair.Element.SetNull((row * 2) + 1);
    }
}
