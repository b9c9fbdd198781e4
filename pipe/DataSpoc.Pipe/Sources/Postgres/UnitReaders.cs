using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;
using Npgsql;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>Runs the queries of one table on several connections at once; the sink is called by one of them at a time.</summary>
internal sealed class UnitReaders(PostgresSession session, ISourceSink sink, PostgresStream stream, StreamSchema schema, string where) : IDisposable
{
    private readonly IReadOnlyList<CopyColumn> _columns = [.. schema.Columns.Zip(stream.Readings, (column, reading) => new CopyColumn(column.Name, column.SourceName, reading.Decoder))];
    private readonly RowRefusals _refusals = new(sink, schema.Stream);
    private readonly SemaphoreSlim _turn = new(1);
    private Exception? _failure;
    private long _rows;

    /// <summary>Reads all units.</summary>
    /// <returns>Rows.</returns>
    /// <exception cref="StreamFailure">A value does not fit its column.</exception>
    public async Task<long> ReadAsync(IReadOnlyList<ReadUnit> units, int readers, CancellationToken cancel)
    {
        _rows = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var queue = new ConcurrentQueue<ReadUnit>(units);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(readers, units.Count)).Select(_ => Task.Run(() => WorkAsync(queue, stop), CancellationToken.None)));
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
        return _rows;
    }

    public void Dispose() => _turn.Dispose();

    private async Task WorkAsync(ConcurrentQueue<ReadUnit> queue, CancellationTokenSource stop)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await session.RentAsync(stop.Token);
            while (queue.TryDequeue(out var unit))
                await ReadUnitAsync(connection, unit, stop.Token);
            session.Return(connection);
        }
#pragma warning disable CA1031 // rethrown by ReadAsync: the first one is the reason of the others'
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            await stop.CancelAsync();
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    private async Task ReadUnitAsync(NpgsqlConnection connection, ReadUnit unit, CancellationToken cancel)
    {
        var copy = await connection.BeginRawBinaryCopyAsync($"COPY ({unit.Sql}) TO STDOUT (FORMAT binary)", cancel);
        var reader = new CopyReader(copy, _columns, _refusals.LeavesOut, row => new(InTurnAsync(() => _refusals.RejectAsync(row, cancel), cancel)));
        var done = false;
        try
        {
            var more = true;
            while (more)
                more = await HandOverAsync(reader, cancel);
            done = true;
        }
        catch (ValueRefused refused)
        {
            throw new StreamFailure(new UserError($"{refused.Message}, in `{stream.Name}`", refused) { Where = [("source", where), ("stream", stream.Name)], Hint = refused.Hint });
        }
        finally
        {
            Interlocked.Add(ref _rows, reader.Rows);
            if (done)
                await copy.DisposeAsync();
            else
                await StopAsync(copy);
        }
    }

    // without the cancellation, what is left of the rows would be waited for
    private static async Task StopAsync(NpgsqlRawCopyStream copy)
    {
        try
        {
            await copy.CancelAsync();
            await copy.DisposeAsync();
        }
        catch (Exception exception) when (PostgresErrors.IsOne(exception) || exception is ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // it is broken already, or by this: either way the connection is not used again
            return;
        }
    }

    private async Task<bool> HandOverAsync(CopyReader reader, CancellationToken cancel)
    {
        var chunk = await InTurnAsync(() => ValueTask.FromResult(sink.Rent(schema, cancel)), cancel);
        bool more;
        try
        {
            more = await reader.FillAsync(chunk, cancel);
        }
        catch
        {
            // it goes back empty: its row was not whole
            chunk.Count = 0;
            await InTurnAsync(() => BackAsync(chunk), CancellationToken.None);
            throw;
        }
        await InTurnAsync(() => BackAsync(chunk), cancel);
        return more;

        async ValueTask<DataChunk> BackAsync(DataChunk rows)
        {
            await sink.RowsAsync(schema, rows, null, cancel);
            return rows;
        }
    }

    private async Task<T> InTurnAsync<T>(Func<ValueTask<T>> call, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await call();
        }
        finally
        {
            _turn.Release();
        }
    }
}
