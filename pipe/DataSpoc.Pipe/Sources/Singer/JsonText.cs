using System.Text.Json;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>What a JSON text is, without making anything of it.</summary>
internal static class JsonText
{
    /// <summary>A text must be one value and nothing after it. That reads it a second time: batches are not the hot path.</summary>
    /// <exception cref="JsonException">It is not.</exception>
    public static void RequireOne(ReadOnlySpan<byte> text, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(text, options);
        _ = reader.Read();
        reader.Skip();
        _ = reader.Read();
    }

    /// <summary>Whether a value, which is JSON, is null or an object without members.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("null"u8) || (value[0] == '{' && value[1..^1].Trim(" \t\r\n"u8).IsEmpty);
}
