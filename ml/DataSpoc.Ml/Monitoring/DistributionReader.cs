using System.Globalization;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Monitoring;

/// <summary>Counts how a table's columns are spread, in few passes of DuckDB and in memory that does not grow with the rows.</summary>
internal sealed class DistributionReader(Connection connection, SourceTable table, CancellationToken cancel)
{
    private const int Bins = 10;
    private const int MostValues = 30;
    private const int ColumnsPerQuery = 50;

    /// <summary>Above this many rows the edges come from a sample: they only have to be near the tenths.</summary>
    private const long ExactRows = 200_000;

    // a text that a value of a table will hardly be
    private const string Others = "\u0001others";

    /// <summary>The columns' distributions with bins of their own.</summary>
    /// <param name="columns">As the model uses them.</param>
    public IReadOnlyList<ColumnDistribution> Describe(IReadOnlyList<PreparedColumn> columns)
    {
        var rows = Convert.ToInt64(Rows($"SELECT count(*) FROM {table.From}")[0][0], CultureInfo.InvariantCulture);
        var shapes = new List<ColumnDistribution>();
        foreach (var some in columns.Chunk(ColumnsPerQuery))
            shapes.AddRange(Shapes(some, rows));
        return Count(columns, shapes);
    }

    /// <summary>The columns' distributions over the bins and values of former ones.</summary>
    /// <param name="columns">As the model uses them.</param>
    /// <param name="former">One per column, in the same order.</param>
    public IReadOnlyList<ColumnDistribution> Count(IReadOnlyList<PreparedColumn> columns, IReadOnlyList<ColumnDistribution> former)
    {
        var counted = new List<ColumnDistribution>();
        foreach (var some in columns.Zip(former).Chunk(ColumnsPerQuery))
        {
            var row = Rows($"SELECT count(*), {string.Join(", ", some.Select(c => $"count({Value(c.First)}), {Counting(c.First, c.Second)}"))} FROM {table.From}")[0];
            var rows = Number(row[0]);
            for (var i = 0; i < some.Length; i++)
                counted.Add(some[i].Second with { Rows = rows, Missing = rows - Number(row[1 + 2 * i]), Counts = Counts(some[i].Second, row[2 + 2 * i]) });
        }
        return counted;
    }

    private IEnumerable<ColumnDistribution> Shapes(PreparedColumn[] columns, long rows)
    {
        var sample = rows <= ExactRows ? "" : $" USING SAMPLE {ExactRows} ROWS (reservoir, 42)";
        // tenths, and two more where a column is mostly one value and differs at its end only
        var tenths = string.Join(", ", Enumerable.Range(1, Bins - 1).Select(i => i / (double)Bins).Append(0.95).Append(0.99).Select(share => share.ToString(CultureInfo.InvariantCulture)));
        var numbers = columns.Where(IsNumber).ToArray();
        var row = numbers.Length == 0 ? [] : Rows($"SELECT {string.Join(", ", numbers.Select(c => $"quantile_disc({Value(c)}, [{tenths}])"))} FROM (SELECT * FROM {table.From}{sample})")[0];
        var at = 0;
        foreach (var column in columns)
            if (IsNumber(column))
            {
                var edges = row[at++] is IReadOnlyList<object?> list ? list.Where(v => v is not null).Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture)).Where(double.IsFinite).Distinct().ToArray() : [];
                yield return new(column.Name, 0, 0, []) { Edges = edges };
            }
            else
                yield return new(column.Name, 0, 0, []) { Values = [.. (column.Statistics?.Values ?? column.Categories).Take(MostValues)] };
    }

    private static bool IsNumber(PreparedColumn column) => column.Kind != ColumnKind.Category || column.Use == TextUse.Words;

    private static string Value(PreparedColumn column)
    {
        var value = ColumnExpressions.Of(column);
        return column.Kind switch
        {
            ColumnKind.Category when column.Use == TextUse.Words => $"CAST(length({value}) - length(replace({value}, ' ', '')) + 1 AS DOUBLE)",
            ColumnKind.Category => value,
            ColumnKind.Moment => $"(({value}) / 86400000000.0)",
            ColumnKind.Flag => $"CAST(CAST({value} AS INTEGER) AS DOUBLE)",
            _ => value,
        };
    }

    private static string Counting(PreparedColumn column, ColumnDistribution of)
    {
        var value = Value(column);
        if (of.Edges is not { } edges)
            return $"histogram(CASE WHEN {value} IS NULL THEN NULL WHEN {value} IN ({string.Join(", ", of.Values!.Append(Others).Select(Sql.Literal))}) THEN {value} ELSE {Sql.Literal(Others)} END)";
        // the bin is the number of edges at or below the value
        var bin = edges.Count == 0 ? "0" : string.Join(" + ", edges.Select(edge => string.Create(CultureInfo.InvariantCulture, $"(v >= {edge:R}::DOUBLE)::UTINYINT")));
        return $"histogram({bin.Replace("(v >=", $"(({value}) >=", StringComparison.Ordinal)}{(edges.Count == 0 ? $" + (({value}) IS NULL)::UTINYINT" : "")})";
    }

    private static long[] Counts(ColumnDistribution of, object? histogram)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        if (histogram is MapValue map)
            foreach (var pair in map.Pairs)
                found[Convert.ToString(pair.Key, CultureInfo.InvariantCulture)!] = Number(pair.Value);
        IEnumerable<string> keys = of.Edges is { } edges ? Enumerable.Range(0, edges.Count + 1).Select(i => i.ToString(CultureInfo.InvariantCulture)) : of.Values!.Append(Others);
        return [.. keys.Select(key => found.GetValueOrDefault(key))];
    }

    private List<object?[]> Rows(string sql) => connection.Rows(sql, cancel);

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
