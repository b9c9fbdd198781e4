using System.Globalization;
using System.Text;
using DataSpoc.Contracts.DuckDb.Mounting;

namespace DataSpoc.Contracts.DuckDb.Scanning;

/// <summary>The smallest and largest value of a column in a part of a table, as texts; null where not known.</summary>
internal readonly record struct ValueBounds(string? Min, string? Max);

/// <summary>Tells which parts of a table (files, row groups) may hold rows that a query wants. DuckDB itself compares, so values have DuckDB's order.</summary>
internal static class BoundsFilter
{
    /// <summary>Selects parts.</summary>
    /// <param name="connection">Any.</param>
    /// <param name="columns">The columns whose bounds can be trusted.</param>
    /// <param name="scans">What the query's scans want.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="bounds">The bounds of a column in a part.</param>
    /// <returns>Which parts are needed, by number from 0 on, in order.</returns>
    public static IReadOnlyList<int> Select(Connection connection, IReadOnlyList<MountedColumn> columns, IReadOnlyList<ScanFilter> scans, int parts, Func<int, string, ValueBounds> bounds)
    {
        var all = Enumerable.Range(0, parts).ToArray();
        var known = columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var usable = scans.Select(scan => scan.Filters.Where(filter => known.ContainsKey(filter.Column)).ToArray()).ToArray();
        if (parts == 0 || usable.Length == 0 || usable.Any(filters => filters.Length == 0))
            return all;
        var used = usable.SelectMany(filters => filters).Select(filter => filter.Column).Distinct(StringComparer.Ordinal).ToList();
        var sql = new StringBuilder("SELECT i FROM (VALUES ");
        foreach (var part in all)
        {
            sql.Append(part == 0 ? "(" : ", (").Append(CultureInfo.InvariantCulture, $"{part}");
            foreach (var column in used)
            {
                var (min, max) = bounds(part, column);
                sql.Append(", ").Append(Text(min)).Append(", ").Append(Text(max));
            }
            sql.Append(')');
        }
        sql.Append(") b(i").AppendJoin("", used.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $", min{i}, max{i}"))).Append(") WHERE ");
        sql.AppendJoin(" OR ", usable.Select(filters => $"({string.Join(" AND ", filters.Select(filter => Condition(filter, used.IndexOf(filter.Column), known[filter.Column].Type)))})"));
        try
        {
            using var answer = connection.Query(sql.Append(" ORDER BY i").ToString());
            var selected = new List<int>();
            while (answer.NextChunk())
                for (var row = 0; row < answer.Chunk.Count; row++)
                    selected.Add((int)answer.GetValue(0, row)!);
            return selected;
        }
        catch (DuckDbException error) when (error.Error is DuckDbError.Binder or DuckDbError.Conversion or DuckDbError.Parser or DuckDbError.OutOfRange)
        {
            // what cannot be compared leaves nothing out
            return all;
        }
    }

    private static string Condition(ColumnFilter filter, int at, LogicalType type) =>
        $"({string.Join(" OR ", filter.Alternatives.Select(all => $"({string.Join(" AND ", all.Select(comparison => Condition(comparison, at, type)))})"))})";

    private static string Condition(Comparison comparison, int at, LogicalType type)
    {
        var min = string.Create(CultureInfo.InvariantCulture, $"TRY_CAST(min{at} AS {type})");
        var max = string.Create(CultureInfo.InvariantCulture, $"TRY_CAST(max{at} AS {type})");
        var may = comparison.Operator switch
        {
            "=" => $"{min} <= {comparison.Literal} AND {max} >= {comparison.Literal}",
            "<" or "<=" => $"{min} {comparison.Operator} {comparison.Literal}",
            _ => $"{max} {comparison.Operator} {comparison.Literal}",
        };
        return $"coalesce({may}, true)";
    }

    private static string Text(string? value) => value is null ? "NULL::VARCHAR" : Sql.Literal(value);
}
