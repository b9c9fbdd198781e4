using DataSpoc.Contracts.DuckDb.Native;
using DataSpoc.Contracts.DuckDb.Values;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>A column of a result.</summary>
/// <param name="Name">As the query calls it; need not be unique.</param>
/// <param name="Type">Its type.</param>
public sealed record ResultColumn(string Name, LogicalType Type);

/// <summary>
/// The answer of a query as it is computed, chunk by chunk: <c>while (reader.NextChunk()) { … reader.Chunk … }</c>.
/// Nothing is kept but the current chunk. Dispose it to be able to use the connection again; that also stops a query that has not ended.
/// </summary>
public sealed class ResultReader : IDisposable
{
    private readonly Connection connection;
    private readonly ResultHandle result;
    private readonly CancellationToken cancel;
    private readonly LogicalType[] types;
    private DataChunk? chunk;

    internal unsafe ResultReader(Connection connection, ResultHandle result, CancellationToken cancel)
    {
        (this.connection, this.result, this.cancel) = (connection, result, cancel);
        var columns = new ResultColumn[NativeMethods.ColumnCount(result.Pointer)];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new(
                NativeText.Borrowed(NativeMethods.ColumnName(result.Pointer, (ulong)i)),
                TypeConversion.ReadAndRelease(NativeMethods.ColumnLogicalType(result.Pointer, (ulong)i)));
        Columns = columns;
        types = [.. columns.Select(c => c.Type)];
    }

    /// <summary>The columns, known from the start.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>The current rows, until the next call of <see cref="NextChunk"/>.</summary>
    /// <exception cref="InvalidOperationException">Before the first chunk or after the last.</exception>
    public DataChunk Chunk => chunk ?? throw new InvalidOperationException("There is no chunk; call NextChunk first");

    /// <summary>Goes on to the next rows, 1 to <see cref="DataChunk.Capacity"/> of them; false at the end.</summary>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    /// <exception cref="DuckDbException">The query failed.</exception>
    public unsafe bool NextChunk()
    {
        ObjectDisposedException.ThrowIf(result.IsClosed, this);
        chunk?.Dispose();
        chunk = null;
        cancel.ThrowIfCancellationRequested();
        using var registration = cancel.UnsafeRegister(static c => ((Connection)c!).Interrupt(), connection);
        for (; ; )
        {
            var next = NativeMethods.FetchChunk(*result.Pointer);
            if (next.IsInvalid)
            {
                next.Dispose();
                return NativeMethods.ResultError(result.Pointer) == 0 ? false : throw Connection.Failure(result, cancel);
            }
            chunk = new(next, types);
            if (chunk.Count > 0)
                return true;
            chunk.Dispose();
            chunk = null;
        }
    }

    /// <summary>
    /// One value of the current chunk as a .NET value: null, bool, sbyte … ulong, <see cref="Int128"/>, <see cref="UInt128"/>, float, double,
    /// decimal (<see cref="FixedDecimal"/> above 28 digits), string (also ENUM, JSON, BIT, BIGNUM, TIMETZ), byte[], <see cref="DateOnly"/>,
    /// <see cref="TimeOnly"/>, <see cref="DateTime"/> (no zone), <see cref="DateTimeOffset"/> (UTC), <see cref="Interval"/>, <see cref="Guid"/>;
    /// times that .NET cannot hold exactly (infinity, years beyond 9999, 24:00, nanoseconds) as DuckDB's text;
    /// LIST and ARRAY as <c>object?[]</c>, STRUCT as <see cref="StructValue"/>, MAP as <see cref="MapValue"/>, UNION as <see cref="UnionValue"/>.
    /// Values of VARIANT are not read: cast them to JSON or VARCHAR in the query.
    /// </summary>
    public object? GetValue(int column, int row) => ValueReader.Read(Chunk.Reader(column), row);

    /// <summary>One value of the current chunk as the text that DuckDB shows for it: what a cast to VARCHAR gives; null for NULL.</summary>
    public string? GetText(int column, int row) => GetValue(column, row) is { } value ? ValueText.Of(value) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        chunk?.Dispose();
        chunk = null;
        result.Dispose();
        connection.Closed(this);
    }
}
