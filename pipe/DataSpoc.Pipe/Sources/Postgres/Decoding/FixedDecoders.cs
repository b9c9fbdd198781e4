using System.Buffers.Binary;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary><c>bool</c>.</summary>
internal sealed class BooleanDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Boolean;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, value[0]);

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteBooleanValue(value[0] != 0);
}

/// <summary><c>int2</c>.</summary>
internal sealed class SmallIntDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.SmallInt;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, BinaryPrimitives.ReadInt16BigEndian(value));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteNumberValue(BinaryPrimitives.ReadInt16BigEndian(value));
}

/// <summary><c>int4</c>.</summary>
internal sealed class IntegerDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Integer;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, BinaryPrimitives.ReadInt32BigEndian(value));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteNumberValue(BinaryPrimitives.ReadInt32BigEndian(value));
}

/// <summary><c>int8</c>.</summary>
internal sealed class BigIntDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.BigInt;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, BinaryPrimitives.ReadInt64BigEndian(value));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteNumberValue(BinaryPrimitives.ReadInt64BigEndian(value));
}

/// <summary><c>oid</c>, <c>xid</c>, <c>cid</c>: 32 bits without sign.</summary>
internal sealed class OidDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.BigInt;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, (long)BinaryPrimitives.ReadUInt32BigEndian(value));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteNumberValue(BinaryPrimitives.ReadUInt32BigEndian(value));
}

/// <summary><c>float4</c>; NaN and infinities are values like others.</summary>
internal sealed class FloatDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Float;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, BinaryPrimitives.ReadSingleBigEndian(value));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => WriteFloat(json, BinaryPrimitives.ReadSingleBigEndian(value));
}

/// <summary><c>float8</c>; NaN and infinities are values like others.</summary>
internal sealed class DoubleDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Double;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, BinaryPrimitives.ReadDoubleBigEndian(value));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => WriteFloat(json, BinaryPrimitives.ReadDoubleBigEndian(value));
}

/// <summary><c>time</c>: microseconds since midnight, 24:00:00 included.</summary>
internal sealed class TimeDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Time;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, BinaryPrimitives.ReadInt64BigEndian(value));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(TimeSpelling.OfDay(BinaryPrimitives.ReadInt64BigEndian(value)));
}

/// <summary><c>uuid</c>: DuckDB stores it as a signed number with the highest bit flipped.</summary>
internal sealed class UuidDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Uuid;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.Set(row, BinaryPrimitives.ReadUInt128BigEndian(value) ^ (UInt128.One << 127));

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(new Guid(value, bigEndian: true));
}
