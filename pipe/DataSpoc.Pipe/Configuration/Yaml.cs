using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Pipe.Configuration;

/// <summary>YAML as Pipe writes it: block style, a text in quotes unless it is plainly one.</summary>
internal static class Yaml
{
    // what reads better as it is, and is JSON inside quotes
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text that is read back as the same text.</summary>
    public static string Text(string text) => IsPlain(text) ? text : JsonSerializer.Serialize(text, Plain);

    /// <summary>The lines of a mapping; members that are null are left out.</summary>
    public static string Of(JsonObject mapping)
    {
        var text = new StringBuilder();
        Write(text, mapping, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonObject mapping, int depth)
    {
        foreach (var (key, value) in mapping)
        {
            if (value is null)
                continue;
            text.Append(' ', depth * 2).Append(Text(key)).Append(':');
            if (value is JsonObject { Count: > 0 } inner)
            {
                text.Append('\n');
                Write(text, inner, depth + 1);
            }
            else
                text.Append(' ').Append(Inline(value)).Append('\n');
        }
    }

    private static string Inline(JsonNode value) => value switch
    {
        JsonArray list => $"[{string.Join(", ", list.Select(item => item is null ? "null" : Inline(item)))}]",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Text(text.GetValue<string>()),
        _ => value.ToJsonString(Plain),
    };

    private static bool IsPlain(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '@')
        && text.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");
}
