using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Transforms.Checks;
using DataSpoc.Pipe.Ingestion.Masking;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// One stream on its way into its table: chunks go through a channel to a writer that makes one Parquet file after the other and stages each. At most one writer
/// runs; it ends when the schema changes, before a commit, and when other streams need its place.
/// </summary>
#pragma warning disable CA1001 // the channel is closed by CloseAsync and FailAsync, which wait for its writer
internal sealed class StreamLoad(LoadTarget target, TableLoad table)
{
    /// <summary>A row group of a wide table has fewer rows: what DuckDB gathers before it compresses stays small.</summary>
    private const long RowGroupBytes = 16L << 20;

    private ChunkChannel? _channel;
    private Task _writing = Task.CompletedTask;
    private int _lent;
    private long? _version;

    public TableLoad Table { get; } = table;

    public StreamSchema? Schema { get; private set; }

    /// <summary>Rows handed over in this run, committed or not.</summary>
    public long Rows { get; private set; }

    /// <summary>What the checks of the last commit found.</summary>
    public CheckReport Checks { get; set; } = new([]);

    /// <summary>Why the stream is not read on, or null.</summary>
    public UserError? Failure { get; private set; }

    /// <summary>Whether a record came that the source cannot give as a row, and that is not kept apart: its error is about to follow.</summary>
    public bool EndsByRefusal { get; set; }

    /// <summary>Whether a writer is open.</summary>
    public bool IsOpen => _channel is not null;

    /// <summary>Whether a chunk is in the source's hands, which will come back to the writer that is open.</summary>
    public bool IsLent => _lent > 0;

    /// <summary>When it was used last, in calls of the sink.</summary>
    public long LastUse { get; set; }

    /// <summary>Takes a schema: what came under the one before is written to its end.</summary>
    /// <exception cref="UserError">The schema does not fit the table.</exception>
    public async Task BeginAsync(StreamSchema schema, CancellationToken cancel)
    {
        await CloseAsync(cancel);
        Schema = schema;
        Table.PrimaryKey = schema.KeyProperties;
        Table.Schema.Admit(Columns(schema), Table.Location);
        Table.Touch();
    }

    /// <summary>An empty chunk; waits while all are on their way to the file.</summary>
    /// <param name="others">Other streams with an open writer.</param>
    public DataChunk Rent(int others, CancellationToken cancel)
    {
        if (_channel is null)
        {
            var schema = Schema!;
            _channel = new(schema.Types, ChannelSize.Chunks(schema.Types, others));
            var rows = LandedRows.Of(Table.Schema.Admit(Columns(schema), Table.Location), [.. schema.Columns.Select((_, i) => FormattableString.Invariant($"c{i}"))], Rows);
            _writing = WriteAsync(_channel, rows, cancel);
        }
        var chunk = _channel.Rent(cancel);
        _lent++;
        return chunk;
    }

    /// <param name="rows">Rows of one version of the table; those of another one go into another file.</param>
    /// <param name="version">The version, or null where the source has none.</param>
    /// <param name="cancel">Stops the waiting.</param>
    public void Write(DataChunk rows, long? version, CancellationToken cancel)
    {
        _lent--;
        if (version != _version && rows.Count > 0)
        {
            _version = version;
            _channel!.Split(cancel);
        }
        Rows += rows.Count;
        _channel!.Write(rows);
    }

    /// <summary>Writes and stages everything that was handed over.</summary>
    /// <exception cref="UserError">The writing failed.</exception>
    public async Task CloseAsync(CancellationToken cancel)
    {
        if (_channel is not { } channel)
            return;
        channel.Complete();
        try
        {
            await _writing.WaitAsync(cancel);
        }
        finally
        {
            _channel = null;
            channel.Dispose();
        }
    }

    /// <summary>The stream brings nothing more, and what it brought since the last commit is given up.</summary>
    public Task FailAsync(UserError error, CancellationToken cancel)
    {
        Failure ??= error;
        return GiveUpAsync(error, cancel);
    }

    /// <summary>Gives up what came since the last commit.</summary>
    public async Task GiveUpAsync(UserError error, CancellationToken cancel)
    {
        if (_channel is { } channel)
        {
            _channel = null;
            channel.Complete(error);
            await _writing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            channel.Dispose();
        }
        await Table.DiscardAsync(cancel);
    }

    /// <summary>What the writer failed with, rethrown: the producer only sees that its channel was given up.</summary>
    public async Task ThrowIfFailedAsync()
    {
        if (_writing.IsFaulted)
            await _writing;
    }

    private async Task WriteAsync(ChunkChannel channel, LandedRows rows, CancellationToken cancel)
    {
        await Task.Yield();
        using var connection = target.Database.Connect();
        var options = new ParquetWriteOptions { MaxBytes = LoadTarget.FileBytes, RowGroupBytes = RowGroupBytes };
        try
        {
            if (rows.Hashes)
                connection.Execute(Mask.Prepare(target.Salt), cancel);
            while (await NextFileAsync() is { } file)
                await Table.StageAsync(file, rows.Types, cancel);
        }
        catch
        {
            channel.Abandon();
            throw;
        }

        // it waits for rows most of the time, which threads of the pool are too few for
        Task<ParquetFile?> NextFileAsync() => Task.Factory.StartNew(
            () => channel.Next(cancel) == ChunkSignal.Completed ? null : ParquetWriter.Write(connection, channel, rows.Columns, rows.Values, Table.NewLocalFile(), options, cancel),
            cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static IEnumerable<(string Name, LogicalType Type)> Columns(StreamSchema schema) => schema.Columns.Select(column => (column.Name, column.Type));
}
