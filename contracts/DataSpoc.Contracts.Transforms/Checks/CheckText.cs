using System.Globalization;
using System.Text;
using DataSpoc.Contracts.DuckDb.Catalog;

namespace DataSpoc.Contracts.Transforms.Checks;

/// <summary>Reads checks as people write them: <c>not_null(id)</c>, <c>warn range(amount, 0, 100)</c>.</summary>
internal static class CheckText
{
    private static readonly Dictionary<string, (CheckKind Kind, string Example)> Known = new(StringComparer.Ordinal)
    {
        ["not_null"] = (CheckKind.NotNull, "not_null(id)"),
        ["unique"] = (CheckKind.Unique, "unique(id)"),
        ["accepted_values"] = (CheckKind.AcceptedValues, "accepted_values(status, paid, open)"),
        ["range"] = (CheckKind.Range, "range(amount, 0, 1000)"),
        ["pattern"] = (CheckKind.Pattern, "pattern(email, ^[^@]+@[^@]+$)"),
        ["row_count"] = (CheckKind.RowCount, "row_count(1)"),
        ["freshness"] = (CheckKind.Freshness, "freshness(updated_at, 24h)"),
        ["relationship"] = (CheckKind.Relationship, "relationship(customer_id, raw.shop_customers.id)"),
        ["sql"] = (CheckKind.Expression, "sql(amount >= tax)"),
    };

    public static Check Parse(string text)
    {
        var (severity, call) = Severity(text.Trim());
        var open = call.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || !call.EndsWith(')'))
            throw Wrong(text, "not_null(id)");
        if (!Known.TryGetValue(call[..open].Trim(), out var known))
            throw Wrong(text, string.Join(", ", Known.Keys));
        var inner = call[(open + 1)..^1].Trim();
        return (Of(new(known.Kind, call), inner) ?? throw Wrong(text, known.Example)) with { Severity = severity };
    }

    private static (CheckSeverity Severity, string Call) Severity(string text) =>
        text.StartsWith("warn ", StringComparison.Ordinal) ? (CheckSeverity.Warn, text[5..].TrimStart())
        : text.StartsWith("error ", StringComparison.Ordinal) ? (CheckSeverity.Error, text[6..].TrimStart())
        : (CheckSeverity.Error, text);

    private static Check? Of(Check check, string inner)
    {
        if (check.Kind is CheckKind.Expression)
            return inner.Length > 0 ? check with { Expression = inner } : null;
        if (check.Kind is CheckKind.Pattern)
            return inner.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma && inner[(comma + 1)..].Trim() is { Length: > 0 } expression
                ? check with { Columns = [Unquoted(inner[..comma].Trim())], Expression = Unquoted(expression) } : null;
        var arguments = Split(inner);
        return check.Kind switch
        {
            CheckKind.NotNull or CheckKind.Unique when arguments.TrueForAll(column => column.Length > 0) => check with { Columns = arguments },
            CheckKind.AcceptedValues when arguments is [{ Length: > 0 } column, .. { Count: > 0 } values] => check with { Columns = [column], Values = values },
            CheckKind.Range when arguments is [{ Length: > 0 } column, var low, var high] && (low + high).Length > 0 => Bounded(check with { Columns = [column] }, low, high),
            CheckKind.RowCount when arguments is [var low] && IsCount(low) => Bounded(check, low, ""),
            CheckKind.RowCount when arguments is [var low, var high] && (low.Length == 0 || IsCount(low)) && IsCount(high) => Bounded(check, low, high),
            CheckKind.Freshness when arguments is [{ Length: > 0 } column, var age] && Duration(age) is { } within => check with { Columns = [column], Within = within },
            CheckKind.Relationship when arguments is [{ Length: > 0 } column, var target] => Related(check with { Columns = [column] }, target),
            _ => null,
        };
    }

    private static Check Bounded(Check check, string low, string high) =>
        check with { Minimum = low.Length == 0 ? null : low, Maximum = high.Length == 0 ? null : high };

    private static Check? Related(Check check, string target) =>
        target.LastIndexOf('.') is > 0 and var dot && TableName.Parse(target[..dot]) is { Schema: not null } table && target[(dot + 1)..].Trim('"') is { Length: > 0 } column
            ? check with { Reference = table, ReferencedColumn = column } : null;

    private static bool IsCount(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static TimeSpan? Duration(string text) =>
        text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 1e6
            ? text[^1] switch { 'm' => TimeSpan.FromMinutes(value), 'h' => TimeSpan.FromHours(value), 'd' => TimeSpan.FromDays(value), _ => null } : null;

    // at commas outside of quotes; quotes go, doubled ones stay as one
    private static List<string> Split(string inner)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var quote = '\0';
        foreach (var c in inner)
        {
            if (quote == '\0' && c == ',')
            {
                parts.Add(Unquoted(part.ToString().Trim()));
                part.Clear();
                continue;
            }
            if (c is '\'' or '"')
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            part.Append(c);
        }
        parts.Add(Unquoted(part.ToString().Trim()));
        return parts;
    }

    private static string Unquoted(string text) =>
        text.Length > 1 && text[0] is '\'' or '"' && text[^1] == text[0] ? text[1..^1].Replace($"{text[0]}{text[0]}", $"{text[0]}", StringComparison.Ordinal) : text;

    private static UserError Wrong(string text, string example) => new($"`{text}` is not a check") { ExitCode = ExitCode.Usage, Hint = example.Contains('(', StringComparison.Ordinal) ? $"write it as {example}" : $"there is {example}" };
}
