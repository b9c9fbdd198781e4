using System.Globalization;
using System.Text;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>A recursive reader of DuckDB's spelling of types: <c>STRUCT(a INTEGER, "b c" DECIMAL(9,2)[])</c>.</summary>
internal sealed class LogicalTypeParser(string spelling)
{
    private const int MaximumDepth = 100;
    private int at;

    internal LogicalType Read()
    {
        var type = ReadType(0);
        SkipSpace();
        return at == spelling.Length ? type : throw Wrong();
    }

    private LogicalType ReadType(int depth)
    {
        if (depth > MaximumDepth)
            throw Wrong();
        var type = ReadPlain(depth);
        while (TryTake('['))
        {
            if (TryTake(']'))
            {
                type = LogicalType.List(type);
                continue;
            }
            var length = ReadNumber();
            Take(']');
            type = length > 0 ? LogicalType.Array(type, length) : throw Wrong();
        }
        return type;
    }

    private LogicalType ReadPlain(int depth)
    {
        var name = Peek() == '"' ? $"\"{ReadName()}\"" : ReadWord().ToUpperInvariant();
        switch (name)
        {
            case "DECIMAL" or "NUMERIC" or "DEC":
                return ReadDecimal();
            case "STRUCT" or "ROW":
                return LogicalType.Struct(ReadFields(depth));
            case "UNION":
                return LogicalType.Union(ReadFields(depth));
            case "MAP":
                Take('(');
                var key = ReadType(depth + 1);
                Take(',');
                var value = ReadType(depth + 1);
                Take(')');
                return LogicalType.Map(key, value);
            case "ENUM":
                return LogicalType.Enum(ReadMembers());
            case "JSON":
                return LogicalType.Json;
            case "TIMESTAMP" or "TIME" when TryTakeWords("WITH", "TIME", "ZONE"):
                return LogicalType.Of(name == "TIME" ? LogicalKind.TimeTz : LogicalKind.TimestampTz);
        }
        var known = Array.FindIndex(LogicalType.Names, n => n.Name == name);
        if (known < 0)
            throw Wrong();
        if (LogicalType.Names[known].Kind == LogicalKind.Varchar && TryTake('('))
        {
            _ = ReadNumber();
            Take(')');
        }
        return LogicalType.Of(LogicalType.Names[known].Kind);
    }

    private LogicalType ReadDecimal()
    {
        if (!TryTake('('))
            return LogicalType.Decimal(18, 3);
        var width = ReadNumber();
        var scale = TryTake(',') ? ReadNumber() : 0;
        Take(')');
        return width is >= 1 and <= 38 && scale <= width ? LogicalType.Decimal(width, scale) : throw Wrong();
    }

    private List<LogicalField> ReadFields(int depth)
    {
        var fields = new List<LogicalField>();
        Take('(');
        do
            fields.Add(new(ReadName(), ReadType(depth + 1)));
        while (TryTake(','));
        Take(')');
        return fields;
    }

    private List<string> ReadMembers()
    {
        var members = new List<string>();
        Take('(');
        do
            members.Add(ReadQuoted('\''));
        while (TryTake(','));
        Take(')');
        return members;
    }

    private string ReadName() => Peek() == '"' ? ReadQuoted('"') : ReadWord();

    private string ReadQuoted(char quote)
    {
        Take(quote);
        var result = new StringBuilder();
        while (at < spelling.Length)
        {
            var c = spelling[at++];
            if (c != quote)
                result.Append(c);
            else if (at < spelling.Length && spelling[at] == quote)
                result.Append(spelling[at++]);
            else
                return result.ToString();
        }
        throw Wrong();
    }

    private string ReadWord()
    {
        SkipSpace();
        var start = at;
        while (at < spelling.Length && (char.IsLetterOrDigit(spelling[at]) || spelling[at] == '_'))
            at++;
        return at > start ? spelling[start..at] : throw Wrong();
    }

    private int ReadNumber() =>
        int.TryParse(ReadWord(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong();

    private bool TryTakeWords(params ReadOnlySpan<string> words)
    {
        var start = at;
        foreach (var word in words)
        {
            if (char.IsLetter(Peek()) && ReadWord().Equals(word, StringComparison.OrdinalIgnoreCase))
                continue;
            at = start;
            return false;
        }
        return true;
    }

    private char Peek()
    {
        SkipSpace();
        return at < spelling.Length ? spelling[at] : '\0';
    }

    private bool TryTake(char c)
    {
        if (Peek() != c)
            return false;
        at++;
        return true;
    }

    private void Take(char c)
    {
        if (!TryTake(c))
            throw Wrong();
    }

    private void SkipSpace()
    {
        while (at < spelling.Length && char.IsWhiteSpace(spelling[at]))
            at++;
    }

    private UserError Wrong() => new($"`{spelling}` is not a type of DuckDB")
    {
        Where = [("at", string.Create(CultureInfo.InvariantCulture, $"character {at + 1}"))],
        Hint = "for example BIGINT, DECIMAL(18,2), VARCHAR, TIMESTAMPTZ, INTEGER[], STRUCT(a INTEGER, b VARCHAR)",
        ExitCode = ExitCode.Usage,
    };
}
