namespace DataSpoc.Contracts.DuckDb.Streaming;

/// <summary>One query's view of a <see cref="ChunkChannel"/>: it ends at a split, at the end, or once the query has taken enough.</summary>
internal sealed class ChunkFeed(ChunkChannel channel, Connection connection, Func<long, bool> enough, CancellationToken cancel) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    private bool disposed;

    internal IReadOnlyList<LogicalType> Types => channel.Types;

    internal Connection Connection => connection;

    /// <summary>Rows handed over so far.</summary>
    internal long Rows { get; private set; }

    /// <summary>What went wrong in managed code while DuckDB was asking; DuckDB itself only learns the message.</summary>
    internal Exception? Captured { get; set; }

    public void Dispose()
    {
        lock (gate)
            disposed = true;
        stop.Dispose();
    }

    /// <summary>Wakes the feed where it waits for the producer. From any thread, also after the query.</summary>
    internal void Interrupt()
    {
        lock (gate)
            if (!disposed)
                stop.Cancel();
    }

    /// <summary>The next chunk, or null where this query has all its rows.</summary>
    internal DataChunk? Next()
    {
        if (Rows > 0 && enough(Rows))
            return null;
        var chunk = channel.Take(stop.Token);
        if (chunk is null && channel.HasFailed)
            channel.ThrowFailure();
        Rows += chunk?.Count ?? 0;
        return chunk;
    }
}
