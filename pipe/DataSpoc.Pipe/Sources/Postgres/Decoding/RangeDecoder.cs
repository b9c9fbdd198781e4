using System.Text.Json;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>
/// Ranges, as <c>STRUCT(lower, upper, lower_inclusive, upper_inclusive, is_empty)</c>: a byte of flags, then the bounds there are. A bound that is missing (the range goes on
/// without end there) and both of an empty range are NULL.
/// </summary>
internal sealed class RangeDecoder(ValueDecoder bound) : ValueDecoder
{
    private const int Empty = 0x01;
    private const int LowerInclusive = 0x02;
    private const int UpperInclusive = 0x04;
    private const int LowerInfinite = 0x08;
    private const int UpperInfinite = 0x10;

    private readonly LogicalType _type = LogicalType.Struct(
        new("lower", bound.Type), new("upper", bound.Type), new("lower_inclusive", LogicalType.Boolean), new("upper_inclusive", LogicalType.Boolean), new("is_empty", LogicalType.Boolean));

    public override LogicalType Type => _type;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        var flags = value[0];
        var rest = value[1..];
        WriteBound(flags & (Empty | LowerInfinite), ref rest, target.Child(0), row);
        WriteBound(flags & (Empty | UpperInfinite), ref rest, target.Child(1), row);
        target.Child(2).Set(row, (flags & LowerInclusive) != 0);
        target.Child(3).Set(row, (flags & UpperInclusive) != 0);
        target.Child(4).Set(row, (flags & Empty) != 0);
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        var flags = value[0];
        var rest = value[1..];
        json.WriteStartObject();
        foreach (var (name, missing) in new[] { ("lower", Empty | LowerInfinite), ("upper", Empty | UpperInfinite) })
        {
            json.WritePropertyName(name);
            if ((flags & missing) != 0)
                json.WriteNullValue();
            else
                Part.WriteJson(ref rest, bound, json);
        }
        json.WriteBoolean("lower_inclusive", (flags & LowerInclusive) != 0);
        json.WriteBoolean("upper_inclusive", (flags & UpperInclusive) != 0);
        json.WriteBoolean("is_empty", (flags & Empty) != 0);
        json.WriteEndObject();
    }

    private void WriteBound(int missing, ref ReadOnlySpan<byte> rest, VectorWriter target, int row)
    {
        if (missing != 0)
            target.SetNull(row);
        else
            Part.Write(ref rest, bound, target, row);
    }
}

/// <summary>Multiranges, as a list of their ranges: their number, then each after its length.</summary>
internal sealed class MultirangeDecoder(RangeDecoder range) : ValueDecoder
{
    private readonly LogicalType _type = LogicalType.List(range.Type);

    public override LogicalType Type => _type;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        target.BeginList(row);
        var rest = value[4..];
        while (!rest.IsEmpty)
            Part.Write(ref rest, range, target.Element, target.AppendElement(row));
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        var rest = value[4..];
        json.WriteStartArray();
        while (!rest.IsEmpty)
            Part.WriteJson(ref rest, range, json);
        json.WriteEndArray();
    }
}
