using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// How many chunks a stream's channel has. While DuckDB compresses a row group it takes no rows; a reader that has room for more rows
/// than a row group does not have to wait (measured: 16 chunks 1.07 M rows/s, 96 chunks 1.37 M).
/// </summary>
internal static class ChannelSize
{
    private const int Fewest = 8;
    private const int Most = 96;
    // of a list or struct, per row and about: its values lie in vectors of their own
    private const int NestedBytes = 96;
    private const long Budget = 24 << 20;

    /// <param name="types">The columns.</param>
    /// <param name="others">Streams whose channels are open: the later ones get less, so that all together stay bounded.</param>
    public static int Chunks(IReadOnlyList<LogicalType> types, int others)
    {
        var chunk = (long)DataChunk.Capacity * types.Sum(type => Math.Max(type.ByteWidth, type.IsNested ? NestedBytes : 0));
        return (int)Math.Clamp(Budget / (others + 1) / Math.Max(chunk, 1), Fewest, Most);
    }
}
