using System.Text.Json;

namespace DataSpoc.Platform.MockData;

internal static class JsonWriterExtensions
{
    /// <summary>An array of texts as a member.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, ReadOnlySpan<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
