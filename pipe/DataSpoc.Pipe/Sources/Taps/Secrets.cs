using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>Values of a tap's configuration that must not be shown.</summary>
internal sealed class Secrets
{
    private const int ShortestValue = 4;

    private static readonly string[] Marks = ["passw", "secret", "token", "api_key", "apikey", "private", "access_key", "credential", "dsn", "connection_string"];

    private readonly List<string> values = [];

    private Secrets()
    {
    }

    public static Secrets Of(JsonNode? config)
    {
        var secrets = new Secrets();
        secrets.Collect(config, false);
        secrets.values.Sort((a, b) => b.Length.CompareTo(a.Length));
        return secrets;
    }

    /// <summary>The text with <c>***</c> for each secret.</summary>
    public string Mask(string text)
    {
        foreach (var value in values)
            text = text.Replace(value, "***", StringComparison.Ordinal);
        return text;
    }

    private void Collect(JsonNode? node, bool secret)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                    Collect(value, secret || Marks.Any(m => name.Contains(m, StringComparison.OrdinalIgnoreCase)));
                break;
            case JsonArray items:
                foreach (var item in items)
                    Collect(item, secret);
                break;
            case JsonValue value when secret && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: >= ShortestValue } text:
                values.Add(text);
                break;
        }
    }
}
