using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;

namespace DataSpoc.Contracts.DuckDb.Parquet;

/// <summary>What a footer says of one column in one row group.</summary>
/// <param name="Group">The row group.</param>
/// <param name="GroupRows">The row group's rows.</param>
/// <param name="Values">All values, NULLs included.</param>
/// <param name="Nulls">The NULLs among them, or null where the writer did not tell.</param>
/// <param name="Minimum">A lower bound as text, or null.</param>
/// <param name="Maximum">An upper bound as text, or null.</param>
internal sealed record ColumnChunkFooter(long Group, long GroupRows, long Values, long? Nulls, string? Minimum, string? Maximum);

/// <summary>Sums up the row groups of a footer into what the log keeps per file. A column is left out wherever one row group does not tell.</summary>
internal static class FooterStatistics
{
    /// <param name="rows">All rows of the file.</param>
    /// <param name="leaves">The columns of values in the file's order.</param>
    /// <param name="groups">Per row group, one per leaf, in the file's order.</param>
    internal static FileStatistics Of(long rows, IReadOnlyList<LeafColumn> leaves, List<List<ColumnChunkFooter>> groups)
    {
        if (groups.Exists(g => g.Count != leaves.Count))
            return new(rows);
        JsonObject minimums = [], maximums = [], nulls = [];
        for (var i = 0; i < leaves.Count; i++)
        {
            if (leaves[i].Repeated)
                continue;
            var column = groups.ConvertAll(g => g[i]);
            if (column.TrueForAll(c => c.Nulls is not null))
                Put(nulls, leaves[i].Path, column.Sum(c => c.Nulls!.Value));
            if (Bounds(leaves[i].Type, column) is not var (minimum, maximum))
                continue;
            Put(minimums, leaves[i].Path, minimum.AsMinimum());
            Put(maximums, leaves[i].Path, maximum.AsMaximum());
        }
        return new(rows) { MinValues = minimums, MaxValues = maximums, NullCount = nulls };
    }

    private static (Bound Minimum, Bound Maximum)? Bounds(LogicalType type, List<ColumnChunkFooter> column)
    {
        (Bound Minimum, Bound Maximum)? bounds = null;
        foreach (var chunk in column)
        {
            if (chunk.Nulls == chunk.Values)
                continue;
            if (Bound.Parse(type, chunk.Minimum) is not { } minimum || Bound.Parse(type, chunk.Maximum) is not { } maximum)
                return null;
            bounds = bounds is var (low, high) ? (Bound.Lesser(low, minimum), Bound.Greater(high, maximum)) : (minimum, maximum);
        }
        return bounds;
    }

    private static void Put(JsonObject target, IReadOnlyList<string> path, JsonNode? value)
    {
        if (value is null)
            return;
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (target[path[i]] is not JsonObject part)
                target[path[i]] = part = [];
            target = part;
        }
        target[path[^1]] = value;
    }
}
