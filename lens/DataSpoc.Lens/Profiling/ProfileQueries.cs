using System.Globalization;
using DataSpoc.Contracts.DuckDb;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Profiling;

/// <summary>The two queries that profile a table, each reading it once: figures of all columns, then the counts that need those figures.</summary>
internal static class ProfileQueries
{
    /// <summary>Parts of a histogram.</summary>
    public const int Parts = 20;

    private const int MostFrequent = 5;

    public static ColumnShape ShapeOf(LogicalType type) => type.Kind switch
    {
        LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt or LogicalKind.HugeInt or LogicalKind.UTinyInt or LogicalKind.USmallInt
            or LogicalKind.UInteger or LogicalKind.UBigInt or LogicalKind.UHugeInt or LogicalKind.Float or LogicalKind.Double or LogicalKind.Decimal => ColumnShape.Number,
        LogicalKind.Date or LogicalKind.Timestamp or LogicalKind.TimestampTz or LogicalKind.TimestampMs or LogicalKind.TimestampNs or LogicalKind.TimestampS => ColumnShape.Time,
        LogicalKind.Varchar or LogicalKind.Boolean or LogicalKind.Enum or LogicalKind.Uuid or LogicalKind.Time or LogicalKind.TimeTz or LogicalKind.Interval => ColumnShape.Category,
        _ => ColumnShape.Other,
    };

    /// <summary>One row: the number of rows, then one JSON object per column.</summary>
    public static string Figures(string table, IReadOnlyList<ResultColumn> columns) =>
        $"SELECT count(*), {string.Join(",\n", columns.Select(FiguresOf))} FROM {table}";

    /// <summary>One row: per column a JSON object of part → count, or of the place of a frequent value → count.</summary>
    /// <param name="table">As written in SQL.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="figures">What the first query told of each.</param>
    public static string Counts(string table, IReadOnlyList<ResultColumn> columns, IReadOnlyList<ColumnFigures> figures) =>
        $"SELECT {string.Join(",\n", columns.Zip(figures, CountsOf))}, count(*) FROM {table}";

    private static string FiguresOf(ResultColumn column)
    {
        var c = SqlText.Identifier(column.Name);
        var size = Size(column);
        var shape = ShapeOf(column.Type);
        var parts = new List<string> { $"'nulls': count(*) - count({c})" };
        if (shape != ColumnShape.Other)
            parts.AddRange([$"'distinct': approx_count_distinct({c})", $"'min': min({c})::VARCHAR", $"'max': max({c})::VARCHAR"]);
        if (shape is ColumnShape.Number or ColumnShape.Time)
            parts.AddRange([
                $"'low': min({size}) FILTER (isfinite({size}))::VARCHAR", $"'high': max({size}) FILTER (isfinite({size}))::VARCHAR",
                $"'quartiles': approx_quantile({(shape == ColumnShape.Number ? size : c)}, [0.25, 0.5, 0.75])::VARCHAR[]"]);
        if (shape == ColumnShape.Number)
            parts.Add($"'mean': avg({size})::VARCHAR");
        if (shape == ColumnShape.Category)
            parts.Add($"'top': approx_top_k({c}::VARCHAR, {MostFrequent})");
        return $"to_json({{{string.Join(", ", parts)}}})::VARCHAR";
    }

    private static string CountsOf(ResultColumn column, ColumnFigures figures)
    {
        if (figures.Top.Count > 0)
            return $"to_json({{{string.Join(", ", figures.Top.Select((value, i) => Invariant($"'{i}': count(*) FILTER ({SqlText.Identifier(column.Name)}::VARCHAR = {SqlText.Literal(value)})")))}}})::VARCHAR";
        if (figures is not { Low: { } low, High: { } high })
            return "NULL::VARCHAR";
        var size = Size(column);
        var width = (high - low) / Parts;
        var part = width > 0 ? Invariant($"least(floor(({size} - {low:R}::DOUBLE) / {width:R}::DOUBLE), {Parts - 1})::INTEGER") : "0";
        return $"to_json(histogram({part}) FILTER (isfinite({size})))::VARCHAR";
    }

    private static string Size(ResultColumn column) =>
        ShapeOf(column.Type) == ColumnShape.Time ? $"CASE WHEN isfinite({SqlText.Identifier(column.Name)}) THEN epoch({SqlText.Identifier(column.Name)}) END" : $"{SqlText.Identifier(column.Name)}::DOUBLE";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
