using System.Text;

namespace DataSpoc.Contracts.DuckDb.Guarding;

/// <summary>
/// Cuts a SQL text as DuckDB's own scanner does (PostgreSQL's rules: doubled quotes, E'…' escapes, dollar tags, nested comments), so that a
/// keyword inside a text or a comment is never taken for one. It does not parse: DuckDB does that.
/// </summary>
internal sealed class SqlLexer(string sql)
{
    private int at;

    internal static IReadOnlyList<SqlToken> Read(string sql)
    {
        var lexer = new SqlLexer(sql);
        var tokens = new List<SqlToken>();
        while (lexer.Next() is { } token)
            tokens.Add(token);
        return tokens;
    }

    private SqlToken? Next()
    {
        SkipSpaceAndComments();
        if (at >= sql.Length)
            return null;
        var start = at;
        var c = sql[at];
        if (c == '"')
            return Token(SqlTokenKind.QuotedName, start, Quoted('"', escapes: false));
        if (c == '\'')
            return Token(SqlTokenKind.Text, start, Quoted('\'', escapes: false));
        if (c == '$' && DollarTag() is { } tag)
            return Token(SqlTokenKind.Text, start, Dollar(tag));
        if (IsNameStart(c))
            return Word(start);
        if (char.IsAsciiDigit(c))
            return Number(start);
        at++;
        return Token(SqlTokenKind.Symbol, start, sql[start..at]);
    }

    private SqlToken Word(int start)
    {
        while (at < sql.Length && (IsNameStart(sql[at]) || char.IsAsciiDigit(sql[at]) || sql[at] == '$'))
            at++;
        // Letters that give the text after them another meaning: bits, hexadecimals, national characters, escapes.
        if (at == start + 1 && at < sql.Length && sql[at] == '\'' && "bBxXnNeE".Contains(sql[start], StringComparison.Ordinal))
            return Token(SqlTokenKind.Text, start, Quoted('\'', escapes: sql[start] is 'e' or 'E'));
        return Token(SqlTokenKind.Word, start, sql[start..at]);
    }

    private SqlToken Number(int start)
    {
        while (at < sql.Length && (char.IsAsciiLetterOrDigit(sql[at]) || sql[at] is '_' or '.'))
            at++;
        return Token(SqlTokenKind.Number, start, sql[start..at]);
    }

    private SqlToken Token(SqlTokenKind kind, int start, string value) => new(kind, start, at, value);

    private string Quoted(char quote, bool escapes)
    {
        var value = new StringBuilder();
        at++;
        while (at < sql.Length)
        {
            var c = sql[at++];
            if (escapes && c == '\\' && at < sql.Length)
                value.Append(sql[at++]);
            else if (c != quote)
                value.Append(c);
            else if (at < sql.Length && sql[at] == quote)
                value.Append(sql[at++]);
            else
                break;
        }
        return value.ToString();
    }

    private string? DollarTag()
    {
        var end = at + 1;
        while (end < sql.Length && (IsNameStart(sql[end]) || (end > at + 1 && char.IsAsciiDigit(sql[end]))))
            end++;
        return end < sql.Length && sql[end] == '$' ? sql[at..(end + 1)] : null;
    }

    private string Dollar(string tag)
    {
        var start = at + tag.Length;
        var end = sql.IndexOf(tag, start, StringComparison.Ordinal);
        at = end < 0 ? sql.Length : end + tag.Length;
        return sql[start..(end < 0 ? sql.Length : end)];
    }

    private void SkipSpaceAndComments()
    {
        while (at < sql.Length)
            if (IsSpace(sql[at]))
                at++;
            else if (At("--"))
                at = sql.AsSpan(at).IndexOfAny('\n', '\r') is var length && length < 0 ? sql.Length : at + length;
            else if (At("/*"))
                SkipComment();
            else
                return;
    }

    private void SkipComment()
    {
        var depth = 0;
        do
        {
            if (At("/*"))
            {
                depth++;
                at += 2;
            }
            else if (At("*/"))
            {
                depth--;
                at += 2;
            }
            else
            {
                at++;
            }
        }
        while (depth > 0 && at < sql.Length);
    }

    private bool At(string text) => string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 0x80 && !IsSpace(c));

    // DuckDB takes these for spaces before it scans (its StripUnicodeSpaces).
    private static bool IsSpace(char c) => c <= ' ' || c is '\u00A0' or (>= '\u2000' and <= '\u200B') or '\u202F' or '\u205F' or '\u2060' or '\u3000' or '\uFEFF';
}
