using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources;

/// <summary>A source that knows its streams before it reads them: <c>pipe discover</c>, <c>preview</c> and <c>validate</c> ask it.</summary>
internal interface IDiscoverableSource : ISource
{
    /// <summary>The streams that <see cref="ISource.ReadAsync"/> would read, in that order. Reads no rows.</summary>
    /// <exception cref="UserError">The source cannot be reached, or a name that was asked for is not there.</exception>
    Task<IReadOnlyList<DiscoveredStream>> DiscoverAsync(CancellationToken cancel);

    /// <summary>The same source, which hands over only so many rows of each stream, wherever its bookmark stands, and sends no bookmark.</summary>
    ISource First(int rows);
}

/// <summary>A stream as its source describes it.</summary>
/// <param name="Schema">Its columns and key, as its rows will be announced; without columns where it cannot be read.</param>
/// <param name="Kind">What the source calls it: <c>table</c>, <c>partitioned table</c>, <c>view</c>.</param>
internal sealed record DiscoveredStream(StreamSchema Schema, string Kind)
{
    /// <summary>Rows, as the source's own statistics say; null where it has none.</summary>
    public long? EstimatedRows { get; init; }

    /// <summary>Bytes in the source; null where it does not tell.</summary>
    public long? EstimatedBytes { get; init; }

    /// <summary>The column by which runs go on where the last one stopped; null where the stream is read whole each time.</summary>
    public string? Cursor { get; init; }

    /// <summary>Columns that could be the cursor.</summary>
    public IReadOnlyList<string> CursorCandidates { get; init; } = [];

    /// <summary>Why it cannot be read, or null.</summary>
    public UserError? Unreadable { get; init; }
}
