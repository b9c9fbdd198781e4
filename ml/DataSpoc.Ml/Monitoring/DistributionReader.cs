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
    private const int LeastColumnsPerQuery = 50;
    private const int MostColumnsPerQuery = 500;

    /// <summary>Values that a query counts at once; of short tables more columns are read together, as each query binds all columns of a wide one.</summary>
    private const long ValuesPerQuery = 10_000_000;

    /// <summary>Above this many rows the edges come from a sample: they only have to be near the tenths.</summary>
    private const long ExactRows = 200_000;

    // a text that a value of a table will hardly be
    private const string Others = "\u0001others";

    /// <summary>The columns' distributions with bins of their own.</summary>
    /// <param name="columns">As the model uses them.</param>
    public IReadOnlyList<ColumnDistribution> Describe(IReadOnlyList<PreparedColumn> columns)
    {
        var rows = RowCount();
        var shapes = new List<ColumnDistribution>();
        foreach (var some in columns.Chunk(ColumnsPerQuery(rows)))
            shapes.AddRange(Shapes(some, rows));
        return Count(columns, shapes, rows);
    }

    /// <summary>The columns' distributions over the bins and values of former ones.</summary>
    /// <param name="columns">As the model uses them.</param>
    /// <param name="former">One per column, in the same order.</param>
    public IReadOnlyList<ColumnDistribution> Count(IReadOnlyList<PreparedColumn> columns, IReadOnlyList<ColumnDistribution> former) => Count(columns, former, RowCount());

    private IReadOnlyList<ColumnDistribution> Count(IReadOnlyList<PreparedColumn> columns, IReadOnlyList<ColumnDistribution> former, long all)
    {
        var counted = new List<ColumnDistribution>();
        foreach (var some in columns.Zip(former).Chunk(ColumnsPerQuery(all)))
        {
            var values = string.Join(", ", some.Select((c, i) => $"{Value(c.First)} AS v{i}"));
            var row = Rows($"SELECT count(*), {string.Join(", ", some.Select((c, i) => $"count(v{i}), {Counting($"v{i}", c.Second)}"))} FROM (SELECT {values} FROM {table.From})")[0];
            var rows = Number(row[0]);
            for (var i = 0; i < some.Length; i++)
                counted.Add(some[i].Second with { Rows = rows, Missing = rows - Number(row[1 + 2 * i]), Counts = Counts(some[i].Second, Number(row[1 + 2 * i]), row[2 + 2 * i]) });
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

    private long RowCount() => Convert.ToInt64(Rows($"SELECT count(*) FROM {table.From}")[0][0], CultureInfo.InvariantCulture);

    private static int ColumnsPerQuery(long rows) => (int)Math.Clamp(ValuesPerQuery / Math.Max(1, rows), LeastColumnsPerQuery, MostColumnsPerQuery);

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

    // how many values are at or above each edge: a sum per edge is several times as fast as a histogram of bins
    private static string Counting(string value, ColumnDistribution of) => of.Edges is { } edges
        ? $"[{string.Join(", ", edges.Select(edge => string.Create(CultureInfo.InvariantCulture, $"count_if({value} >= {edge:R}::DOUBLE)::BIGINT")))}]"
        : $"histogram(CASE WHEN {value} IS NULL THEN NULL WHEN {value} IN ({string.Join(", ", of.Values!.Append(Others).Select(Sql.Literal))}) THEN {value} ELSE {Sql.Literal(Others)} END)";

    private static long[] Counts(ColumnDistribution of, long present, object? counted)
    {
        if (of.Edges is not null)
        {
            long[] above = [present, .. (counted as IReadOnlyList<object?> ?? []).Select(Number), 0];
            return [.. Enumerable.Range(0, above.Length - 1).Select(bin => above[bin] - above[bin + 1])];
        }
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        if (counted is MapValue map)
            foreach (var pair in map.Pairs)
                found[Convert.ToString(pair.Key, CultureInfo.InvariantCulture)!] = Number(pair.Value);
        return [.. of.Values!.Append(Others).Select(key => found.GetValueOrDefault(key))];
    }

    private List<object?[]> Rows(string sql) => connection.Rows(sql, cancel);

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
