using System.Text.RegularExpressions;

namespace DataSpoc.Contracts.DuckDb.Scanning;

/// <summary>
/// Reads the filters of a scan as DuckDB 1.5 writes them in a plan: <c>dt&gt;='2026-01-02'::DATE AND dt&lt;'2026-01-05'::DATE</c>. Whatever is not of this form filters
/// nothing here, which only means that more is read.
/// </summary>
internal static partial class FilterText
{
    // a filter that only skips: the rows are filtered above the scan
    private const string Optional = "optional: ";

    /// <summary>The filter on one of these columns; null where the text is of another form.</summary>
    public static ColumnFilter? Parse(string text, IEnumerable<string> columns)
    {
        if (text.StartsWith(Optional, StringComparison.Ordinal))
            text = text[Optional.Length..];
        return columns.OrderByDescending(column => column.Length).Where(column => text.StartsWith(column, StringComparison.Ordinal)).Select(column => Of(column, text)).FirstOrDefault(filter => filter is not null);
    }

    private static ColumnFilter? Of(string column, string text)
    {
        var alternatives = new List<IReadOnlyList<Comparison>>();
        var current = new List<Comparison>();
        for (var at = 0; ;)
        {
            if (string.CompareOrdinal(text, at, column, 0, column.Length) != 0 || Compared().Match(text, at + column.Length) is not { Success: true } match || match.Index != at + column.Length)
                return null;
            current.Add(new(match.Groups[1].Value, match.Groups[2].Value));
            at = match.Index + match.Length;
            if (at == text.Length)
                break;
            if (string.CompareOrdinal(text, at, " AND ", 0, 5) == 0)
                at += 5;
            else if (string.CompareOrdinal(text, at, " OR ", 0, 4) == 0)
            {
                at += 4;
                alternatives.Add(current);
                current = [];
            }
            else
                return null;
        }
        alternatives.Add(current);
        return new(column, alternatives);
    }

    [GeneratedRegex(@"(=|<=|>=|<|>)((?:'(?:[^']|'')*'|-?[0-9]+(?:\.[0-9]+)?)(?:::[A-Z]+(?: WITH TIME ZONE)?(?:\([0-9]+,[0-9]+\))?)?)(?= AND | OR |$)")]
    private static partial Regex Compared();
}
