using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Contracts.Transforms.Checks;

/// <summary>Checks as SQL.</summary>
internal static class CheckSql
{
    /// <summary>The condition of a row <c>r</c> that breaks the check; null for checks that are not about single rows.</summary>
    public static string? Violates(Check check)
    {
        var column = check.Columns.Count > 0 ? $"r.{Sql.Identifier(check.Columns[0])}" : "";
        return check.Kind switch
        {
            CheckKind.NotNull => string.Join(" OR ", check.Columns.Select(name => $"r.{Sql.Identifier(name)} IS NULL")),
            CheckKind.AcceptedValues => $"CAST({column} AS VARCHAR) NOT IN ({string.Join(", ", check.Values.Select(Sql.Literal))})",
            CheckKind.Range => string.Join(" OR ", new[] { check.Minimum is { } low ? $"{column} < {Bound(low)}" : null, check.Maximum is { } high ? $"{column} > {Bound(high)}" : null }.OfType<string>()),
            CheckKind.Pattern => $"NOT regexp_matches(CAST({column} AS VARCHAR), {Sql.Literal(check.Expression!)})",
            CheckKind.Relationship => $"{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {check.Reference} AS target WHERE target.{Sql.Identifier(check.ReferencedColumn!)} = {column})",
            // on lines of its own, so that a comment at its end does not reach the bracket
            CheckKind.Expression => $"NOT (\n{check.Expression}\n)",
            _ => null,
        };
    }

    /// <summary>The values that come more than once among the rows and those that stay, with <c>n</c>, how many of the new rows are too many.</summary>
    public static string Doubled(Check check, string incoming, string? staying)
    {
        var columns = string.Join(", ", check.Columns.Select(Sql.Identifier));
        var known = string.Join(" AND ", check.Columns.Select(name => $"{Sql.Identifier(name)} IS NOT NULL"));
        var inside = $"SELECT {columns}, count(*) - 1 AS n FROM {incoming} AS r WHERE {known} GROUP BY {columns} HAVING count(*) > 1";
        if (staying is null)
            return inside;
        var same = string.Join(" AND ", check.Columns.Select(name => $"s.{Sql.Identifier(name)} = r.{Sql.Identifier(name)}"));
        return $"{inside} UNION ALL SELECT {string.Join(", ", check.Columns.Select(name => $"r.{Sql.Identifier(name)}"))}, 1 AS n FROM (SELECT DISTINCT {columns} FROM {incoming} AS r WHERE {known}) AS r WHERE EXISTS (SELECT 1 FROM {staying} AS s WHERE {same})";
    }

    /// <summary>The newest moment of a column, in UTC.</summary>
    public static string Newest(Check check, string incoming, string? staying)
    {
        var column = Sql.Identifier(check.Columns[0]);
        var rows = $"SELECT max({column}) AS m FROM {incoming} AS r" + (staying is null ? "" : $" UNION ALL SELECT max({column}) FROM {staying} AS s");
        return $"SELECT CAST(max(m) AS TIMESTAMPTZ) FROM ({rows})";
    }

    // a number is compared as one, everything else is read as the column's type
    private static string Bound(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? text : Sql.Literal(text);
}
