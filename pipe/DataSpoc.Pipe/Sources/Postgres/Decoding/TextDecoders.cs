using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>Types whose binary form is their text: <c>text</c>, <c>varchar</c>, <c>char(n)</c>, <c>name</c>, enums, <c>xml</c>, and whatever the server casts to text.</summary>
internal sealed class TextDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Varchar;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.SetString(row, value);

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(Encoding.UTF8.GetString(value));
}

/// <summary><c>json</c>: its text as it was written.</summary>
internal sealed class JsonDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Json;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.SetString(row, value);

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(Encoding.UTF8.GetString(value));
}

/// <summary><c>jsonb</c>: a version byte, then its text.</summary>
internal sealed class JsonbDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Json;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.SetString(row, value[1..]);

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(Encoding.UTF8.GetString(value[1..]));
}

/// <summary><c>bytea</c>.</summary>
internal sealed class ByteaDecoder : ValueDecoder
{
    public override LogicalType Type => LogicalType.Blob;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row) => target.SetString(row, value);

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json) => json.WriteStringValue(BlobText.Of(value));
}
