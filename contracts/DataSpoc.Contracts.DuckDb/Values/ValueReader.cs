using System.Globalization;
using System.Numerics;
using System.Text;
using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>One value of a vector as a .NET value, exactly.</summary>
internal static class ValueReader
{
    internal static object? Read(VectorReader vector, int row)
    {
        if (vector.IsNull(row))
            return null;
        return vector.Type.Kind switch
        {
            LogicalKind.Boolean => vector.Values<byte>()[row] != 0,
            LogicalKind.TinyInt => vector.Values<sbyte>()[row],
            LogicalKind.SmallInt => vector.Values<short>()[row],
            LogicalKind.Integer => vector.Values<int>()[row],
            LogicalKind.BigInt => vector.Values<long>()[row],
            LogicalKind.UTinyInt => vector.Values<byte>()[row],
            LogicalKind.USmallInt => vector.Values<ushort>()[row],
            LogicalKind.UInteger => vector.Values<uint>()[row],
            LogicalKind.UBigInt => vector.Values<ulong>()[row],
            LogicalKind.HugeInt => vector.Values<Int128>()[row],
            LogicalKind.UHugeInt => vector.Values<UInt128>()[row],
            LogicalKind.Float => vector.Values<float>()[row],
            LogicalKind.Double => vector.Values<double>()[row],
            LogicalKind.Decimal => Decimal(vector, row),
            LogicalKind.Varchar => Encoding.UTF8.GetString(vector.String(row)),
            LogicalKind.Enum => vector.Type.Members[(int)EnumIndex(vector, row)],
            LogicalKind.Blob or LogicalKind.Geometry => vector.String(row).ToArray(),
            LogicalKind.Bit => Bits(vector.String(row)),
            LogicalKind.BigNum => BigNum(vector.String(row)).ToString(CultureInfo.InvariantCulture),
            LogicalKind.Uuid => Uuid(vector.Values<UInt128>()[row]),
            LogicalKind.Interval => Interval(vector.Values<NativeInterval>()[row]),
            LogicalKind.List or LogicalKind.Array => List(vector, row),
            LogicalKind.Struct => Struct(vector, row),
            LogicalKind.Map => Map(vector, row),
            LogicalKind.Union => Union(vector, row),
            _ => TemporalReader.Read(vector, row),
        };
    }

    internal static FixedDecimal FixedDecimal(VectorReader vector, int row) => new(
        vector.Type.ByteWidth switch
        {
            2 => vector.Values<short>()[row],
            4 => vector.Values<int>()[row],
            8 => vector.Values<long>()[row],
            _ => vector.Values<Int128>()[row],
        },
        vector.Type.Scale);

    internal static uint EnumIndex(VectorReader vector, int row) => vector.Type.ByteWidth switch
    {
        1 => vector.Values<byte>()[row],
        2 => vector.Values<ushort>()[row],
        _ => vector.Values<uint>()[row],
    };

    private static object Decimal(VectorReader vector, int row)
    {
        var exact = FixedDecimal(vector, row);
        return vector.Type.Width <= 28 ? exact.ToDecimal() : exact;
    }

    private static string Bits(ReadOnlySpan<byte> bytes)
    {
        // The first byte says how many bits of the second are padding.
        var result = new StringBuilder((bytes.Length - 1) * 8);
        for (var bit = (int)bytes[0]; bit < (bytes.Length - 1) * 8; bit++)
            result.Append((bytes[1 + (bit / 8)] >> (7 - (bit % 8)) & 1) == 1 ? '1' : '0');
        return result.ToString();
    }

    private static BigInteger BigNum(ReadOnlySpan<byte> bytes)
    {
        // Three bytes of header, whose highest bit is set for numbers that are not negative; the bytes of negative ones are inverted.
        const int Header = 3;
        var negative = (bytes[0] & 0x80) == 0;
        var magnitude = bytes[Header..].ToArray();
        if (negative)
            for (var i = 0; i < magnitude.Length; i++)
                magnitude[i] = (byte)~magnitude[i];
        var number = new BigInteger(magnitude, isUnsigned: true, isBigEndian: true);
        return negative ? -number : number;
    }

    private static Guid Uuid(UInt128 stored)
    {
        // The highest bit is flipped, so that the order of signed numbers is that of the texts.
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, stored ^ (UInt128.One << 127));
        return new(bytes, bigEndian: true);
    }

    private static Interval Interval(NativeInterval value) => new(value.Months, value.Days, value.Micros);

    private static object?[] List(VectorReader vector, int row)
    {
        var (offset, length) = vector.List(row);
        var elements = vector.Element();
        var result = new object?[length];
        for (var i = 0; i < length; i++)
            result[i] = Read(elements, offset + i);
        return result;
    }

    private static StructValue Struct(VectorReader vector, int row)
    {
        var result = new KeyValuePair<string, object?>[vector.Type.Fields.Count];
        for (var i = 0; i < result.Length; i++)
            result[i] = new(vector.Type.Fields[i].Name, Read(vector.Child(i), row));
        return new(result);
    }

    private static MapValue Map(VectorReader vector, int row)
    {
        var (offset, length) = vector.List(row);
        var pairs = vector.Element();
        var keys = pairs.Child(0);
        var values = pairs.Child(1);
        var result = new KeyValuePair<object, object?>[length];
        for (var i = 0; i < length; i++)
            result[i] = new(Read(keys, offset + i)!, Read(values, offset + i));
        return new(result);
    }

    private static UnionValue Union(VectorReader vector, int row)
    {
        var tag = vector.Tag(row);
        return new(vector.Type.Fields[tag].Name, Read(vector.Child(tag), row));
    }
}
