using System.Text.Json;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>The way to a member of a JSON document: <c>data.items</c>, with or without <c>$.</c> before it; empty: the document itself.</summary>
internal sealed class FieldPath
{
    private readonly string[] steps;

    public FieldPath(string? text)
    {
        Text = text ?? "";
        var plain = Text.StartsWith('$') ? Text[1..].TrimStart('.') : Text;
        steps = plain.Length == 0 ? [] : plain.Split('.');
    }

    public string Text { get; }

    /// <summary>Moves a reader that stands before a value onto the value at the path's end.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryGo(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
            return false;

        foreach (var step in steps)
            if (reader.TokenType != JsonTokenType.StartObject || !TryMember(ref reader, step))
                return false;
        return true;
    }

    /// <summary>The JSON text of the value at the path's end, or null.</summary>
    public string? Find(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!TryGo(ref reader))
            return null;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return System.Text.Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
    }

    /// <summary>A scalar's text at the path's end; null where there is none, or null, false or an empty text: an answer's way to say that nothing follows.</summary>
    public string? Scalar(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!TryGo(ref reader))
            return null;
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static bool TryMember(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
                return true;
            reader.Skip();
        }

        return false;
    }
}
