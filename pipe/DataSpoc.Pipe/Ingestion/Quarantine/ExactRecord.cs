using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>
/// A rejected record in forms that DuckDB takes apart without loss: it reads the numbers of JSON as floating ones, texts it leaves as they are.
/// </summary>
/// <param name="Texts">Each field as a text: <c>1.10</c> as <c>"1.10"</c>, an object as the text it was.</param>
/// <param name="Nested">The record with each number, however deep, as a text.</param>
internal sealed record ExactRecord(string Texts, string Nested)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Takes a record as it stands in quarantine; one that is no object stays as it is.</summary>
    public static ExactRecord Of(string record)
    {
        try
        {
            using var document = JsonDocument.Parse(record, new JsonDocumentOptions { MaxDepth = 1000 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(Write(json => WriteTexts(json, document.RootElement)), Write(json => WriteNested(json, document.RootElement)))
                : new(record, record);
        }
        catch (JsonException)
        {
            return new(record, record);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, JsonElement record)
    {
        json.WriteStartObject();
        foreach (var field in record.EnumerateObject())
            switch (field.Value.ValueKind)
            {
                case JsonValueKind.Null or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False:
                    field.WriteTo(json);
                    break;
                default:
                    json.WriteString(field.Name, field.Value.GetRawText());
                    break;
            }
        json.WriteEndObject();
    }

    private static void WriteNested(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    json.WritePropertyName(field.Name);
                    WriteNested(json, field.Value);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    WriteNested(json, element);
                json.WriteEndArray();
                break;
            case JsonValueKind.Number:
                json.WriteStringValue(value.GetRawText());
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
            write(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
