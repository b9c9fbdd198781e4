using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Contracts.DuckDb.Scanning;

/// <summary>Which bytes of Parquet files a query reads, told by their footers: the chunks of its columns in the row groups it needs, and the filters kept for them.</summary>
internal static class ParquetParts
{
    // where a writer did not say how long a filter is
    private const long LongestBloomFilter = 64 << 10;

    /// <summary>The bytes, per file.</summary>
    /// <param name="connection">May read the files, whose footers are there.</param>
    /// <param name="paths">The files.</param>
    /// <param name="table">The table they are of.</param>
    /// <param name="needs">What the query reads.</param>
    public static IReadOnlyList<IReadOnlyList<ByteRange>> Of(Connection connection, IReadOnlyList<string> paths, MountedTable table, TableNeeds needs)
    {
        var chunks = Read(connection, paths, needs.Columns!);
        var groups = chunks.GroupBy(chunk => (chunk.File, chunk.RowGroup)).ToArray();
        var bounds = groups.Select(group => group.Where(chunk => !chunk.IsNested).ToDictionary(chunk => chunk.Column, chunk => chunk.Bounds, StringComparer.Ordinal)).ToArray();
        var ordered = table.Columns.Where(column => IsOrdered(column.Type.Kind)).ToArray();
        var ranges = paths.Select(_ => new List<ByteRange>()).ToArray();
        foreach (var group in BoundsFilter.Select(connection, ordered, needs.Scans, groups.Length, (part, column) => bounds[part].GetValueOrDefault(column)))
            foreach (var chunk in groups[group])
                ranges[chunk.File].AddRange(chunk.Ranges);
        return ranges;
    }

    /// <summary>Types by whose statistics DuckDB leaves out row groups for certain; of texts it keeps eight bytes only.</summary>
    private static bool IsOrdered(LogicalKind kind) => kind is LogicalKind.TinyInt or LogicalKind.SmallInt or LogicalKind.Integer or LogicalKind.BigInt
        or LogicalKind.Date or LogicalKind.Timestamp or LogicalKind.TimestampTz;

    private static List<Chunk> Read(Connection connection, IReadOnlyList<string> paths, IReadOnlySet<string> columns)
    {
        var files = paths.Select((path, i) => (path, i)).ToDictionary(file => file.path, file => file.i, StringComparer.Ordinal);
        var found = new List<Chunk>();
        using var answer = connection.Query(
            $"""
            SELECT file_name, row_group_id, path_in_schema, least(coalesce(nullif(dictionary_page_offset, 0), data_page_offset), data_page_offset), total_compressed_size,
                coalesce(bloom_filter_offset, 0), coalesce(bloom_filter_length, {LongestBloomFilter}), stats_min_value, stats_max_value
            FROM parquet_metadata([{string.Join(", ", paths.Select(path => Sql.Literal(GlobPath.Literal(path))))}])
            """);
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
            {
                var path = (string)answer.GetValue(2, row)!;
                if (Root(path, columns) is not { } column)
                    continue;
                var ranges = new List<ByteRange> { new((long)answer.GetValue(3, row)!, (long)answer.GetValue(4, row)!) };
                if (answer.GetValue(5, row) is long and > 0 and var bloom)
                    ranges.Add(new(bloom, (long)answer.GetValue(6, row)!));
                found.Add(new(files[(string)answer.GetValue(0, row)!], (long)answer.GetValue(1, row)!, column, path != column, new((string?)answer.GetValue(7, row), (string?)answer.GetValue(8, row)), ranges));
            }
        return found;
    }

    // a nested column's leaves are written as `column, part, part`
    private static string? Root(string path, IReadOnlySet<string> columns)
    {
        foreach (var column in columns)
            if (path.StartsWith(column, StringComparison.OrdinalIgnoreCase) && (path.Length == column.Length || string.CompareOrdinal(path, column.Length, ", ", 0, 2) == 0))
                return column;
        return null;
    }

    private sealed record Chunk(int File, long RowGroup, string Column, bool IsNested, ValueBounds Bounds, IReadOnlyList<ByteRange> Ranges);
}
