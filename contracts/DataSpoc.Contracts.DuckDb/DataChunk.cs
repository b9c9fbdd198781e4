using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// Up to <see cref="Capacity"/> rows as columns in DuckDB's own memory. One that is made here is written through <see cref="Writer"/>;
/// one that a <see cref="ResultReader"/> shows is read through <see cref="Reader"/> and is gone with the next one.
/// Not thread-safe.
/// </summary>
public sealed class DataChunk : IDisposable
{
    /// <summary>The most rows a chunk holds.</summary>
    public const int Capacity = 2048;

    private readonly ChunkHandle handle;
    private readonly VectorWriter[] writers;
    private int count;

    /// <summary>An empty chunk to be written.</summary>
    /// <param name="types">One type per column, at least one column.</param>
    public unsafe DataChunk(IReadOnlyList<LogicalType> types)
    {
        if (types.Count == 0)
            throw new ArgumentException("a chunk has at least one column", nameof(types));
        Types = types;
        var natives = types.Select(TypeConversion.Create).ToArray();
        try
        {
            var pointers = natives.Select(n => n.DangerousGetHandle()).ToArray();
            fixed (nint* first = pointers)
                handle = NativeMethods.CreateDataChunk(first, (ulong)pointers.Length);
        }
        finally
        {
            foreach (var native in natives)
                native.Dispose();
        }
        if (handle.IsInvalid)
            throw new DuckDbException($"DuckDB cannot make a chunk of {string.Join(", ", types)}", DuckDbError.InvalidInput);
        writers = [.. types.Select((type, i) => new VectorWriter(NativeMethods.ChunkVector(handle.Raw, (ulong)i), type, Capacity))];
    }

    internal DataChunk(ChunkHandle handle, IReadOnlyList<LogicalType> types)
    {
        this.handle = handle;
        Types = types;
        writers = [];
        count = (int)NativeMethods.ChunkSize(handle.Raw);
    }

    /// <summary>The types of the columns.</summary>
    public IReadOnlyList<LogicalType> Types { get; }

    /// <summary>
    /// The rows, 0 to <see cref="Capacity"/>. Set it after the rows are written: every column of every row below it must have been given a value or a NULL.
    /// </summary>
    public int Count
    {
        get => count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Capacity);
            count = value;
        }
    }

    /// <summary>
    /// Bytes of texts longer than 12 bytes written so far. A producer of long texts hands a chunk over before it holds 2,048 rows, for example at 4 MB:
    /// memory is bounded by chunks, not by rows.
    /// </summary>
    public long TextBytes => writers.Sum(w => w.TextBytes);

    internal nint Raw => handle.Raw;

    /// <summary>The writer of a column; the same object for the chunk's whole life.</summary>
    /// <exception cref="InvalidOperationException">The chunk belongs to a result.</exception>
    public VectorWriter Writer(int column) => writers.Length > 0 ? writers[column] : throw new InvalidOperationException("A result's chunk is only read");

    /// <summary>The values of a column. Valid until the chunk is disposed, reset or replaced by the next one.</summary>
    public VectorReader Reader(int column) => new(NativeMethods.ChunkVector(handle.Raw, (ulong)column), Types[column], count);

    /// <summary>Takes all rows out, so that the chunk can be written again; memory for texts and lists is given back.</summary>
    public void Reset()
    {
        NativeMethods.ResetDataChunk(handle.Raw);
        count = 0;
        foreach (var writer in writers)
            writer.Refresh();
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>Makes what was written visible to DuckDB: sizes of lists and of the chunk.</summary>
    internal void Seal()
    {
        foreach (var writer in writers)
            writer.Seal();
        NativeMethods.SetChunkSize(handle.Raw, (ulong)count);
    }
}
