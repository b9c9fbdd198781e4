namespace DataSpoc.Lens.Shell;

/// <summary>Parts what is written in the shell into statements.</summary>
internal static class Statements
{
    /// <summary>The complete statements of a text, without their semicolons, and what is left. A line that begins with a dot or with <c>ask</c> is a statement of its own.</summary>
    public static (IReadOnlyList<string> Complete, string Left) Split(string text)
    {
        var complete = new List<string>();
        var (start, begun) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            if (!begun && (text[at] == '.' || IsQuestion(text.AsSpan(at))))
            {
                var end = text.IndexOf('\n', at) is var line and >= 0 ? line : text.Length;
                complete.Add(text[at..end].Trim());
                (start, at) = (end, end);
            }
            else if (text[at] == ';')
            {
                if (begun)
                    complete.Add(text[start..at].Trim());
                (start, begun) = (at + 1, false);
            }
            else
            {
                // a comment begins nothing
                var isComment = text.AsSpan(at).StartsWith("--") || text.AsSpan(at).StartsWith("/*");
                begun |= !isComment && !char.IsWhiteSpace(text[at]);
                at = SkipQuoted(text, at);
            }
        }
        return (complete, begun ? text[start..].Trim() : "");
    }

    /// <summary>Whether a text is a question in plain language: <c>ask how many orders there are</c>.</summary>
    public static bool IsQuestion(ReadOnlySpan<char> text) => text.Length > 4 && text.StartsWith("ask", StringComparison.OrdinalIgnoreCase) && text[3] is ' ' or '\t';

    // the last character of the text or comment that begins here, or this one
    private static int SkipQuoted(string text, int at)
    {
        var close = text[at] switch
        {
            '\'' => "'",
            '"' => "\"",
            '-' when text.AsSpan(at).StartsWith("--") => "\n",
            '/' when text.AsSpan(at).StartsWith("/*") => "*/",
            '$' when text.AsSpan(at).StartsWith("$$") => "$$",
            _ => null,
        };
        if (close is null)
            return at;
        var end = text.IndexOf(close, at + (close.Length > 1 ? 2 : 1), StringComparison.Ordinal);
        return end < 0 ? text.Length - 1 : end + close.Length - 1;
    }
}
