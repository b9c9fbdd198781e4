using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>
/// Arrays: the number of dimensions, whether there are NULLs, the element's type; per dimension its length and lower bound (which is not kept); the elements, each
/// after its length.
/// </summary>
/// <param name="element">Of the elements.</param>
/// <param name="dimensions">As the column declares them; PostgreSQL does not enforce it, a value that has others is refused.</param>
internal sealed class ArrayDecoder(ValueDecoder element, int dimensions) : ValueDecoder
{
    private readonly LogicalType _type = Enumerable.Range(0, dimensions).Aggregate(element.Type, (type, _) => LogicalType.List(type));

    public override LogicalType Type => _type;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        var found = BinaryPrimitives.ReadInt32BigEndian(value);
        if (found == 0)
        {
            target.BeginList(row);
            return;
        }
        if (found != dimensions)
            throw new ValueRefused(string.Create(CultureInfo.InvariantCulture, $"is an array of {found} dimensions, the column is declared with {dimensions}")) { Hint = "`types: {table.column: json}` keeps such arrays as JSON text" };
        var rest = value[(12 + (8 * dimensions))..];
        WriteList(value[12..], 0, ref rest, target, row);
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        var found = BinaryPrimitives.ReadInt32BigEndian(value);
        var rest = found == 0 ? default : value[(12 + (8 * found))..];
        if (found == 0)
        {
            json.WriteStartArray();
            json.WriteEndArray();
            return;
        }
        WriteJson(value[12..], found, ref rest, json);
    }

    private void WriteJson(ReadOnlySpan<byte> lengths, int levels, ref ReadOnlySpan<byte> rest, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        for (var i = BinaryPrimitives.ReadInt32BigEndian(lengths); i > 0; i--)
            if (levels > 1)
                WriteJson(lengths[8..], levels - 1, ref rest, json);
            else
                Part.WriteJson(ref rest, element, json);
        json.WriteEndArray();
    }

    private void WriteList(ReadOnlySpan<byte> lengths, int depth, ref ReadOnlySpan<byte> rest, VectorWriter target, int row)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(lengths[(8 * depth)..]);
        target.BeginList(row);
        var first = target.AppendElements(row, length);
        for (var i = first; i < first + length; i++)
        {
            if (depth + 1 < dimensions)
            {
                WriteList(lengths, depth + 1, ref rest, target.Element, i);
                continue;
            }
            Part.Write(ref rest, element, target.Element, i);
        }
    }
}
