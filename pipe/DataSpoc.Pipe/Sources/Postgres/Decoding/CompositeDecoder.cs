using System.Text.Json;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>Composite types: the number of fields, then each field's type and value.</summary>
/// <param name="fields">Names, distinct without regard to case, and decoders.</param>
internal sealed class CompositeDecoder(IReadOnlyList<(string Name, ValueDecoder Decoder)> fields) : ValueDecoder
{
    private readonly LogicalType _type = LogicalType.Struct([.. fields.Select(field => new LogicalField(field.Name, field.Decoder.Type))]);

    public override LogicalType Type => _type;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        var rest = value[4..];
        for (var i = 0; i < fields.Count; i++)
        {
            rest = rest[4..];
            Part.Write(ref rest, fields[i].Decoder, target.Child(i), row);
        }
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        var rest = value[4..];
        json.WriteStartObject();
        foreach (var (name, decoder) in fields)
        {
            rest = rest[4..];
            json.WritePropertyName(name);
            Part.WriteJson(ref rest, decoder, json);
        }
        json.WriteEndObject();
    }
}
