using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.CommandLine.Terminal;

/// <summary>Stderr with one writer at a time: messages appear above the progress lines, never through them.</summary>
internal sealed class ErrorStream(TextWriter stderr, TimeProvider time, bool color, bool json)
{
    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _lock = new();
    private string _progress = "";
    private int _progressLines;

    public bool Color => color;

    public bool Json => json;

    /// <summary>A line for people, or its JSON object.</summary>
    public void Message(string level, string prefix, string style, string text)
    {
        if (json)
        {
            Event(level, new() { ["message"] = text });
            return;
        }
        Line(prefix.Length == 0 ? Styled(style, text) : Styled(style, prefix) + text);
    }

    /// <summary>One JSON line: time, level, then the members.</summary>
    public void Event(string level, JsonObject members)
    {
        var line = new JsonObject
        {
            ["time"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["level"] = level,
        };
        foreach (var (name, value) in members)
            line[name] = value?.DeepClone();
        Line(line.ToJsonString(Readable));
    }

    public string Styled(string style, string text) => color && style.Length > 0 ? $"{style}{text}\e[0m" : text;

    public void Line(string line)
    {
        lock (_lock)
        {
            stderr.Write(Erased() + line + "\n" + _progress);
            _progressLines = Lines(_progress);
        }
    }

    /// <summary>Replaces the live lines at the foot of the terminal; empty takes them away. Each line ends in a line feed.</summary>
    public void Progress(string lines)
    {
        lock (_lock)
        {
            if (lines == _progress)
                return;
            stderr.Write(Erased() + lines);
            _progress = lines;
            _progressLines = Lines(lines);
        }
    }

    private static int Lines(string text) => text.Count(static c => c == '\n');

    private string Erased() => _progressLines == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\e[{_progressLines}F\e[J");
}
