using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.DuckDb.Native;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// A session of a <see cref="Database"/>: one statement at a time, from one thread at a time; only <see cref="Interrupt"/> may come from another.
/// Failures are <see cref="DuckDbException"/>s; an interrupted statement throws <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class Connection : IDisposable
{
    /// <summary>Tries to get a task before the thread sleeps for a millisecond: about a tenth of one.</summary>
    private const int PatientTries = 500;

    private readonly ConnectionHandle handle;
    private ResultReader? open;
    private long interrupts;

    internal Connection(Database database, ConnectionHandle handle) => (Database, this.handle) = (database, handle);

    internal Database Database { get; }

    internal ConnectionHandle Handle => handle;

    /// <summary>Runs one or more statements to their end and drops what they answer.</summary>
    public void Execute(string sql, CancellationToken cancel = default)
    {
        using var statements = Extract(sql);
        for (ulong i = 0; i < statements.Count; i++)
        {
            using var prepared = Prepare(statements, i);
            using var result = Run(prepared, streaming: false, cancel);
        }
    }

    /// <summary>Runs a statement and streams what it answers; parameters stand for <c>?</c> or <c>$1</c>.</summary>
    public ResultReader Query(string sql, params ReadOnlySpan<object?> parameters) => Query(sql, CancellationToken.None, parameters);

    /// <summary>
    /// Runs a statement and streams what it answers. Of several statements, the last answers and takes the parameters.
    /// The reader must be disposed before the connection is used again.
    /// </summary>
    /// <param name="sql">SQL without NUL characters.</param>
    /// <param name="cancel">Interrupts the query, also while its result is read.</param>
    /// <param name="parameters">null, bool, integers, <see cref="Int128"/>, float, double, decimal, string, byte[], DateOnly, TimeOnly, DateTime (no zone), DateTimeOffset.</param>
    public ResultReader Query(string sql, CancellationToken cancel, params ReadOnlySpan<object?> parameters)
    {
        using var statements = Extract(sql);
        if (statements.Count == 0)
            throw new DuckDbException("Parser Error: there is no statement", DuckDbError.Parser);
        for (ulong i = 0; i + 1 < statements.Count; i++)
        {
            using var before = Prepare(statements, i);
            using var dropped = Run(before, streaming: false, cancel);
        }
        using var prepared = Prepare(statements, statements.Count - 1);
        Bind(prepared, parameters);
        return Stream(prepared, cancel);
    }

    /// <summary>The columns that a statement would answer, without running it.</summary>
    public IReadOnlyList<ResultColumn> Describe(string sql)
    {
        using var statements = Extract(sql);
        if (statements.Count != 1)
            throw new DuckDbException("Parser Error: expected one statement", DuckDbError.Parser);
        using var prepared = Prepare(statements, 0);
        var columns = new ResultColumn[NativeMethods.PreparedColumnCount(prepared)];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new(
                NativeText.Owned(NativeMethods.PreparedColumnName(prepared, (ulong)i)),
                TypeConversion.ReadAndRelease(NativeMethods.PreparedColumnType(prepared, (ulong)i)));
        return columns;
    }

    /// <summary>
    /// Stops the statement that runs now, from any thread; it throws <see cref="OperationCanceledException"/>.
    /// Does nothing where none runs.
    /// </summary>
    public void Interrupt()
    {
        Interlocked.Increment(ref interrupts);
        try
        {
            NativeMethods.Interrupt(handle);
        }
        catch (ObjectDisposedException)
        {
            // Ctrl-C may come while the connection is being closed: then nothing runs any more.
            return;
        }
        Database.Sources.Interrupt(this);
    }

    /// <summary>
    /// The names of the tables and views that a SELECT (also DESCRIBE, SUMMARIZE, FROM …) mentions, without binding it: qualified as written,
    /// in double quotes where they need them (<c>raw.orders</c>, <c>"odd name"</c>), in ordinal order, each once. Names of WITH queries are left out.
    /// </summary>
    /// <exception cref="DuckDbException">Not SQL, or a statement of another kind (EXPLAIN, PIVOT without IN, INSERT …).</exception>
    public IReadOnlyList<string> TableNames(string sql)
    {
        using var answer = Query($"SELECT json_serialize_sql({Sql.Literal(sql)})");
        return answer.NextChunk() && answer.GetValue(0, 0) is string serialized ? TableReferences.In(serialized) : [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        open?.Dispose();
        handle.Dispose();
    }

    internal void Closed(ResultReader reader)
    {
        if (ReferenceEquals(open, reader))
            open = null;
    }

    internal Statements Extract(string sql)
    {
        Guard(sql);
        var count = NativeMethods.ExtractStatements(handle, sql, out var extracted);
        return Statements.From(extracted, count);
    }

    internal PreparedHandle Prepare(Statements statements, ulong index)
    {
        if (NativeMethods.PrepareExtracted(handle, statements.Handle, index, out var prepared) == NativeState.Success)
            return prepared;
        using (prepared)
        {
            var message = prepared.IsInvalid ? "DuckDB could not prepare the statement" : NativeText.Borrowed(NativeMethods.PrepareError(prepared));
            throw new DuckDbException(message, DuckDbException.KindOf(message));
        }
    }

    internal unsafe ResultHandle Run(PreparedHandle prepared, bool streaming, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var seen = Volatile.Read(ref interrupts);
        var state = streaming ? NativeMethods.PendingPreparedStreaming(prepared, out var pending) : NativeMethods.PendingPrepared(prepared, out pending);
        using (pending)
        {
            if (state != NativeState.Success)
            {
                var message = pending.IsInvalid ? "DuckDB could not start the statement" : NativeText.Borrowed(NativeMethods.PendingError(pending));
                throw Failure(message, DuckDbException.KindOf(message), cancel);
            }
            // Starting a statement clears DuckDB's own flag, so an interrupt that came in between is given again.
            if (Volatile.Read(ref interrupts) != seen)
                NativeMethods.Interrupt(handle);
            using var registration = cancel.UnsafeRegister(static c => ((Connection)c!).Interrupt(), this);
            if (!streaming && !Work(pending))
            {
                var message = NativeText.Borrowed(NativeMethods.PendingError(pending));
                throw Failure(message, DuckDbException.KindOf(message), cancel);
            }
            var result = new ResultHandle();
            if (NativeMethods.ExecutePending(pending, result.Pointer) == NativeState.Success)
                return result;
            using (result)
                throw Failure(result, cancel);
        }
    }

    // DuckDB's own loop asks for tasks without a pause while other threads hold them all: a COPY that waits for a channel's rows would take a whole core
    private static bool Work(PendingHandle pending)
    {
        for (var idle = 0; ;)
        {
            switch (NativeMethods.ExecutePendingTask(pending))
            {
                case PendingState.NotReady:
                    idle = 0;
                    break;
                case PendingState.NoTasks when ++idle > PatientTries:
                    Thread.Sleep(1);
                    break;
                case PendingState.NoTasks:
                    break;
                case PendingState.Error:
                    return false;
                default:
                    return true;
            }
        }
    }

    internal ResultReader Stream(PreparedHandle prepared, CancellationToken cancel) => open = new(this, Run(prepared, streaming: true, cancel), cancel);

    internal static unsafe Exception Failure(ResultHandle result, CancellationToken cancel)
    {
        var message = NativeText.Borrowed(NativeMethods.ResultError(result.Pointer));
        return Failure(message, (DuckDbError)NativeMethods.ResultErrorType(result.Pointer), cancel);
    }

    private static Exception Failure(string message, DuckDbError error, CancellationToken cancel) =>
        error == DuckDbError.Interrupt
            ? new OperationCanceledException("The statement was interrupted", new DuckDbException(message, error), cancel)
            : new DuckDbException(message, error);

    private static void Bind(PreparedHandle prepared, ReadOnlySpan<object?> parameters)
    {
        var count = (int)NativeMethods.ParameterCount(prepared);
        if (count != parameters.Length)
            throw new ArgumentException($"the statement has {count} parameters, {parameters.Length} were given", nameof(parameters));
        for (var i = 0; i < count; i++)
        {
            using var value = Parameter.Create(parameters[i]);
            if (NativeMethods.BindValue(prepared, (ulong)i + 1, value) != NativeState.Success)
                throw new DuckDbException($"parameter {i + 1} was refused", DuckDbError.InvalidInput);
        }
    }

    private void Guard(string sql)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        if (open is not null)
            throw new InvalidOperationException("The connection's last result is still being read; dispose it first, or use another connection");
        // The C API takes the text up to the first NUL: what follows would silently not run.
        if (sql.Contains('\0', StringComparison.Ordinal))
            throw new DuckDbException("Parser Error: the statement contains a NUL character", DuckDbError.Parser);
    }
}
