namespace DataSpoc.Lens.Sql;

/// <summary>What DuckDB says of an error, taken apart: <c>Binder Error: Referenced column "x" not found …</c>, candidates, and the line with a caret below.</summary>
/// <param name="Kind">The words before <c>Error:</c>.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Rest">Further lines that are not the excerpt.</param>
/// <param name="Line">The line's number in the query, from 1 on; null where none is told.</param>
/// <param name="Excerpt">The line, or a part of it.</param>
/// <param name="Caret">The column of the caret below the excerpt, from 0 on.</param>
internal sealed record DuckDbMessage(string Kind, string Text, IReadOnlyList<string> Rest, int? Line, string Excerpt, int Caret)
{
    public static DuckDbMessage Parse(string message)
    {
        var lines = message.ReplaceLineEndings("\n").Split('\n').ToList();
        var (kind, text) = Head(lines[0]);
        lines.RemoveAt(0);
        int? line = null;
        var (excerpt, caret) = ("", 0);
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].StartsWith("LINE ", StringComparison.Ordinal) || lines[i].IndexOf(": ", StringComparison.Ordinal) is not (> 0 and var colon) || !int.TryParse(lines[i].AsSpan(5, colon - 5), out var number))
                continue;
            line = number;
            excerpt = lines[i][(colon + 2)..];
            caret = i + 1 < lines.Count ? Math.Max(0, lines[i + 1].IndexOf('^', StringComparison.Ordinal) - colon - 2) : 0;
            lines.RemoveRange(i, Math.Min(2, lines.Count - i));
            break;
        }
        return new(kind, text, [.. lines.Select(rest => rest.Trim()).Where(rest => rest.Length > 0)], line, excerpt, caret);
    }

    /// <summary>Where in the query, as an error shows it.</summary>
    public IReadOnlyList<(string Label, string Value)> Where => Line is null ? [] : [($"line {Line}", Excerpt), ("", new string(' ', Caret) + "^")];

    /// <summary>The text between the first pair of quotes after some words, or null.</summary>
    public static string? Quoted(string text, string after)
    {
        var at = text.IndexOf(after, StringComparison.Ordinal);
        var begin = at < 0 ? -1 : text.IndexOf('"', at + after.Length);
        var end = begin < 0 ? -1 : text.IndexOf('"', begin + 1);
        return end < 0 ? null : text[(begin + 1)..end];
    }

    private static (string Kind, string Text) Head(string line)
    {
        const string Mark = " Error: ";
        var at = line.IndexOf(Mark, StringComparison.Ordinal);
        return at < 0 || at > 30 ? ("", line) : (line[..at], line[(at + Mark.Length)..]);
    }
}
