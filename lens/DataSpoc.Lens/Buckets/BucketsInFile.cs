using DataSpoc.Contracts;

namespace DataSpoc.Lens.Buckets;

/// <summary>The lines of <c>lens.yaml</c> that hold the buckets, changed without touching anything else: comments and order stay.</summary>
internal static class BucketsInFile
{
    private const string Key = "buckets:";

    /// <summary>The text with a bucket added.</summary>
    /// <exception cref="UserError">The buckets are not written one per line (<see cref="ExitCode.Usage"/>).</exception>
    public static string Add(string text, string name, string uri)
    {
        var lines = Lines(text);
        var entry = $"{name}: {Quoted(uri)}";
        if (Find(lines) is not { } at)
            return string.Join('\n', [.. lines.SkipLast(lines.Count > 0 && lines[^1].Length == 0 ? 1 : 0), Key, "  " + entry, ""]);
        RequireBlock(lines[at]);
        lines[at] = Key + (lines[at].IndexOf('#', StringComparison.Ordinal) is var comment and > 0 ? " " + lines[at][comment..] : "");
        var last = at;
        var indent = "  ";
        for (var i = at + 1; i < lines.Count && (lines[i].Length == 0 || char.IsWhiteSpace(lines[i][0]) || lines[i][0] == '#'); i++)
            if (lines[i].Trim() is { Length: > 0 } line && line[0] != '#')
                (last, indent) = (i, lines[i][..(lines[i].Length - lines[i].TrimStart().Length)]);
        lines.Insert(last + 1, indent + entry);
        return string.Join('\n', lines);
    }

    /// <summary>The text without a bucket.</summary>
    /// <exception cref="UserError">It is not a line of its own (<see cref="ExitCode.Usage"/>).</exception>
    public static string Remove(string text, string name)
    {
        var lines = Lines(text);
        if (Find(lines) is { } at)
            for (var i = at + 1; i < lines.Count && (lines[i].Length == 0 || char.IsWhiteSpace(lines[i][0]) || lines[i][0] == '#'); i++)
                if (lines[i].Trim().Split(':')[0].Trim().Trim('"', '\'') == name)
                {
                    lines.RemoveAt(i);
                    return string.Join('\n', lines);
                }
        throw ByHand();
    }

    private static List<string> Lines(string text) => [.. text.ReplaceLineEndings("\n").Split('\n')];

    private static int? Find(List<string> lines) => lines.FindIndex(line => line.StartsWith(Key, StringComparison.Ordinal)) is var at and >= 0 ? at : null;

    private static void RequireBlock(string line)
    {
        var rest = line[Key.Length..].Split('#')[0].Trim();
        if (rest is not ("" or "{}" or "null" or "~"))
            throw ByHand();
    }

    private static UserError ByHand() => new("`buckets` in lens.yaml is not written one bucket per line") { Hint = "change the file by hand", ExitCode = ExitCode.Usage };

    // a plain YAML text ends at ` #` and may not begin with a sign that means something
    private static string Quoted(string uri) => uri.Contains(" #", StringComparison.Ordinal) || uri.Contains(": ", StringComparison.Ordinal) || !char.IsAsciiLetter(uri[0])
        ? $"\"{uri.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : uri;
}
