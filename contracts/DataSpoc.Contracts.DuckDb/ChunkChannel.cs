using System.Runtime.ExceptionServices;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>What a <see cref="ChunkChannel"/> has next.</summary>
public enum ChunkSignal
{
    /// <summary>Rows, which are still in the channel.</summary>
    Rows,

    /// <summary>A <see cref="ChunkChannel.Split"/>, which is now taken out.</summary>
    Split,

    /// <summary>The producer has completed; nothing will follow.</summary>
    Completed,
}

/// <summary>
/// Hands chunks of rows from a producer to one reader (<see cref="ParquetWriter"/>). It owns a fixed number of chunks that go round:
/// the producer waits in <see cref="Rent"/> while all are under way, so memory does not grow whatever the sizes of both sides.
/// </summary>
public sealed class ChunkChannel : IDisposable
{
    private readonly object gate = new();
    private readonly Stack<DataChunk> free = new();
    private readonly Queue<DataChunk?> filled = new();
    private readonly HashSet<DataChunk> rented = [];
    private readonly int slots;
    private DataChunk? lent;
    private int made;
    private bool completed;
    private bool abandoned;
    private bool disposed;

    /// <summary>An empty channel; its chunks are made when they are first needed.</summary>
    /// <param name="types">The types of the columns, at least one.</param>
    /// <param name="chunks">The chunks that exist at most, 3 or more.</param>
    public ChunkChannel(IReadOnlyList<LogicalType> types, int chunks = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunks, 3);
        Types = types;
        slots = chunks;
    }

    /// <summary>The types of the columns.</summary>
    public IReadOnlyList<LogicalType> Types { get; }

    /// <summary>What the producer completed with, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Producer: an empty chunk to fill; waits until one is free. Several may be rented at once; they are read in the order in which they are written.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the reader has given up.</exception>
    public DataChunk Rent(CancellationToken cancel)
    {
        lock (gate)
        {
            if (rented.Count == slots)
                throw new InvalidOperationException("Every chunk is rented, and none was written");
            Wait(() => free.Count > 0 || made < slots || abandoned, cancel);
            if (abandoned)
                throw new OperationCanceledException("The reader of the rows has stopped");
            if (free.Count == 0)
                made++;
            var chunk = free.Count > 0 ? free.Pop() : new DataChunk(Types);
            rented.Add(chunk);
            return chunk;
        }
    }

    /// <summary>Producer: hands over a rented chunk with its <see cref="DataChunk.Count"/> set; an empty one goes straight back.</summary>
    public void Write(DataChunk chunk)
    {
        lock (gate)
            if (!rented.Remove(chunk))
                throw new InvalidOperationException("The chunk was not rented from this channel");
        chunk.Seal();
        lock (gate)
        {
            if (chunk.Count == 0 || abandoned)
                Recycle(chunk);
            else
                filled.Enqueue(chunk);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Producer: the rows written so far end a file; what follows goes into the next. Waits while as many splits are under way as there are chunks.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the reader has given up.</exception>
    public void Split(CancellationToken cancel)
    {
        lock (gate)
        {
            Wait(() => filled.Count < slots * 2 || abandoned, cancel);
            if (abandoned)
                throw new OperationCanceledException("The reader of the rows has stopped");
            filled.Enqueue(null);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Producer: nothing will follow. With a failure, the reader throws that very exception once the rows before it are read.</summary>
    public void Complete(Exception? failure = null)
    {
        lock (gate)
        {
            if (completed)
                return;
            completed = true;
            Failure = failure;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>
    /// Reader: waits for what comes next. A split is taken out; rows stay for <see cref="ParquetWriter"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="Exception">What the producer failed with, as itself.</exception>
    public ChunkSignal Next(CancellationToken cancel)
    {
        lock (gate)
        {
            Wait(() => filled.Count > 0 || completed, cancel);
            if (filled.TryPeek(out var first))
            {
                if (first is not null)
                    return ChunkSignal.Rows;
                filled.Dequeue();
                Monitor.PulseAll(gate);
                return ChunkSignal.Split;
            }
        }
        ThrowFailure();
        return ChunkSignal.Completed;
    }

    /// <summary>Reader: nothing more will be read; the producer's next call throws <see cref="OperationCanceledException"/>.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            abandoned = true;
            while (filled.TryDequeue(out var chunk))
                if (chunk is not null)
                    Recycle(chunk);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Gives the chunks back. The producer must have ended, or it meets an <see cref="OperationCanceledException"/>.</summary>
    public void Dispose()
    {
        Abandon();
        lock (gate)
        {
            disposed = true;
            Release();
            while (free.TryPop(out var chunk))
                chunk.Dispose();
        }
    }

    /// <summary>The next chunk of the current file, lent until the next call; null at a split, at the end, or where the producer failed.</summary>
    internal DataChunk? Take(CancellationToken cancel)
    {
        lock (gate)
        {
            Release();
            Wait(() => filled.Count > 0 || completed, cancel);
            if (!filled.TryPeek(out var next) || next is null)
                return null;
            filled.Dequeue();
            return lent = next;
        }
    }

    /// <summary>Takes back the chunk that was lent last.</summary>
    internal void Release()
    {
        lock (gate)
        {
            if (lent is null)
                return;
            Recycle(lent);
            lent = null;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Whether the producer failed and all rows before that are read.</summary>
    internal bool HasFailed
    {
        get
        {
            lock (gate)
                return completed && filled.Count == 0 && Failure is not null;
        }
    }

    /// <summary>Throws what the producer failed with, where it did.</summary>
    internal void ThrowFailure()
    {
        if (Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void Recycle(DataChunk chunk)
    {
        if (disposed)
        {
            chunk.Dispose();
            return;
        }
        chunk.Reset();
        free.Push(chunk);
    }

    private void Wait(Func<bool> ready, CancellationToken cancel)
    {
        if (ready())
            return;
        var registration = cancel.UnsafeRegister(static g =>
        {
            lock (g!)
                Monitor.PulseAll(g);
        }, gate);
        try
        {
            while (!ready())
            {
                cancel.ThrowIfCancellationRequested();
                Monitor.Wait(gate);
            }
        }
        finally
        {
            // Not Dispose: that waits for a callback which may itself be waiting for the gate.
            registration.Unregister();
        }
    }
}
