using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Json;

/// <summary>JSON trees and how all documents are written: UTF-8, readable characters unescaped.</summary>
internal static class JsonNodes
{
    // documents are read by people and never pasted into HTML
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly JsonWriterOptions Lines = new() { Encoder = Encoder, SkipValidation = true };

    private static readonly JsonWriterOptions Indented = new() { Encoder = Encoder, Indented = true, NewLine = "\n" };

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = MaxDepth };

    /// <summary>A schema of nested structs takes three levels for each of its own.</summary>
    public const int MaxDepth = 512;

    /// <summary>A tree of its own, independent of the document the element comes from.</summary>
    public static JsonNode? From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element.Clone()),
        JsonValueKind.Array => JsonArray.Create(element.Clone()),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element.Clone()),
    };

    public static JsonDocument Parse(ReadOnlyMemory<byte> content) => JsonDocument.Parse(content, Depth);

    public static JsonDocument Parse(string content) => JsonDocument.Parse(content, Depth);

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string?>> texts) => new(texts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    /// <summary>One line.</summary>
    public static string Text(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Lines))
            node.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A document for people and machines: indented, a line end at its end.</summary>
    public static byte[] Document(JsonNode node) => Document(writer => node.WriteTo(writer));

    /// <inheritdoc cref="Document(JsonNode)"/>
    public static byte[] Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
            write(writer);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
