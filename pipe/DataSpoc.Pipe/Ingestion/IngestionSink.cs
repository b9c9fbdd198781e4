using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Transforms.Checks;
using DataSpoc.Pipe.Ingestion.Masking;
using DataSpoc.Pipe.Ingestion.Quarantine;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>
/// Takes what a source reads into the tables of a bucket. Rows and the bookmark behind them are committed together: at the end, and on the way at the bookmarks
/// that <see cref="CommitPolicy"/> chooses.
/// </summary>
internal sealed class IngestionSink(LoadTarget target, CommitPolicy policy) : ISourceSink
{
    /// <summary>Files that are written at once; of more streams, the one that waited longest is closed first.</summary>
    private const int MaxOpenStreams = 16;

    private readonly Dictionary<string, StreamLoad> _streams = new(StringComparer.Ordinal);
    private readonly StreamTables _tables = new(target.Store, target.Source);
    private ReadOnlyMemory<byte>? _bookmark;
    private long _uses;

    /// <summary>The streams in the order in which they were announced.</summary>
    public IEnumerable<KeyValuePair<string, StreamLoad>> Streams => _streams;

    /// <summary>Streams that failed before anything was known of their columns.</summary>
    public Dictionary<string, UserError> Unannounced { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows that are in the bucket.</summary>
    public long CommittedRows { get; private set; }

    /// <summary>Files and bytes that are in the bucket, by stream.</summary>
    public Dictionary<string, (int Files, long Bytes, long Rows)> Committed { get; } = new(StringComparer.Ordinal);

    /// <summary>Told the bookmark of each commit.</summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, Task>? Acknowledge { get; init; }

    public ValueTask StreamsAsync(IReadOnlyCollection<string> streams, CancellationToken cancel)
    {
        _tables.Announce(streams);
        return default;
    }

    public async ValueTask SchemaAsync(StreamSchema schema, CancellationToken cancel)
    {
        if (!_streams.TryGetValue(schema.Stream, out var load))
        {
            var table = await _tables.OfAsync(schema.Stream, cancel);
            var sourceName = table.Location.Table == schema.Stream ? null : schema.Stream;
            load = new(target, await TableLoad.OpenAsync(target, table.Location, table.Snapshot, sourceName, target.Plans.For(table.Location.Table, sourceName), schema.Replaces, cancel));
            _streams.Add(schema.Stream, load);
        }
        if (load.Failure is not null)
            return;
        try
        {
            await load.BeginAsync(schema, cancel);
        }
        catch (UserError error)
        {
            await load.FailAsync(error, cancel);
        }
    }

    public DataChunk Rent(StreamSchema schema, CancellationToken cancel)
    {
        var load = _streams[schema.Stream];
        load.LastUse = ++_uses;
        return load.Rent(load.IsOpen ? 0 : _streams.Values.Count(stream => stream.IsOpen), cancel);
    }

    public async ValueTask RowsAsync(StreamSchema schema, DataChunk rows, long? version, CancellationToken cancel)
    {
        var load = _streams[schema.Stream];
        policy.Count(rows.Count);
        load.Write(rows, version, cancel);
        if (_streams.Count > MaxOpenStreams && _streams.Values.Count(stream => stream.IsOpen) > MaxOpenStreams)
            await (_streams.Values.Where(stream => stream.IsOpen && !stream.IsLent).MinBy(stream => stream.LastUse)?.CloseAsync(cancel) ?? Task.CompletedTask);
    }

    public bool IsCommitDue => target.Mode == ChangeMode.Append && target.Plans.CommitsOnTheWay && policy.IsDue(() => _streams.Values.Sum(stream => stream.Table.StagedBytes));

    public async ValueTask StateAsync(ReadOnlyMemory<byte> state, bool complete, CancellationToken cancel)
    {
        _bookmark = state.ToArray();
        if (complete && policy.HasRows && IsCommitDue)
            await CommitAsync(cancel);
    }

    public async ValueTask ActivateVersionAsync(string stream, long version, CancellationToken cancel)
    {
        if (!_streams.TryGetValue(stream, out var load) || load.Failure is not null)
            return;
        await load.CloseAsync(cancel);
        await load.Table.ActivateVersionAsync(version, cancel);
    }

    public async ValueTask FailedAsync(string stream, UserError error, CancellationToken cancel)
    {
        if (_streams.TryGetValue(stream, out var load))
            await load.FailAsync(load.EndsByRefusal ? RecordRefusal.Error(error, load.Table.Plan) : error, cancel);
        else
            Unannounced.TryAdd(stream, error);
    }

    public async ValueTask CompletedAsync(string stream, CancellationToken cancel) => await _streams[stream].CloseAsync(cancel);

    public ValueTask<bool> RejectAsync(string stream, RejectedRecord record, CancellationToken cancel)
    {
        if (!_streams.TryGetValue(stream, out var load) || load.Failure is not null)
            return new(false);
        load.EndsByRefusal = !RecordRefusal.IsKeptApart(load.Table.Plan, record.BeforeTransform is not null);
        if (load.EndsByRefusal)
            return new(false);
        load.Table.Rejected.Add(record, MaskedRecord.Of(record.Json, load.Table.Plan, target.Salt));
        load.Table.Touch();
        return new(true);
    }

    public bool LeavesOut(string stream) => _streams.TryGetValue(stream, out var load) && load.Table.Plan.Contract.Types == Reaction.Discard;

    /// <summary>Commits what is left, after the source has ended well.</summary>
    public Task CompleteAsync(CancellationToken cancel) => CommitAsync(cancel);

    /// <summary>Gives up what has not been committed.</summary>
    public async Task DiscardAsync()
    {
        foreach (var load in _streams.Values)
            await load.GiveUpAsync(new UserError("the run was given up"), CancellationToken.None);
    }

    private async Task CommitAsync(CancellationToken cancel)
    {
        foreach (var load in _streams.Values.Where(stream => stream.Failure is null))
            await load.CloseAsync(cancel);
        foreach (var load in _streams.Values.Where(stream => stream.Failure is null && stream.Table.HasChanges))
            await FinishAsync(load, cancel);
        var loads = _streams.Where(stream => stream.Value.Failure is null && stream.Value.Table.HasChanges).ToArray();
        var bookmark = _bookmark is { } state ? Bookmarks.HoldBack(target.Session.Bookmark, state, _streams.Where(s => s.Value.Failure is not null).Select(s => s.Key).Concat(Unannounced.Keys)) : null;
        if (loads.Length == 0 && bookmark is null)
            return;
        var brought = loads.Select(load => (Stream: load.Key, Files: load.Value.Table.StagedFiles, Bytes: load.Value.Table.StagedBytes, Rows: load.Value.Table.StagedRows)).ToArray();
        foreach (var load in loads)
            load.Value.Checks = load.Value.Table.Checks.Results.Count > 0 ? load.Value.Table.Checks : load.Value.Checks;
        await LoadCommit.RunAsync(target, [.. loads.Select(load => load.Value.Table)], bookmark, cancel);
        foreach (var (stream, files, bytes, rows) in brought)
        {
            var before = Committed.GetValueOrDefault(stream);
            Committed[stream] = (before.Files + files, before.Bytes + bytes, before.Rows + rows);
            CommittedRows += rows;
        }
        policy.Reset();
        _bookmark = null;
        if (bookmark is { } acknowledged && Acknowledge is { } acknowledge)
            await acknowledge(acknowledged, cancel);
    }

    // a table whose rows are refused does not hold back the others
    private static async Task FinishAsync(StreamLoad load, CancellationToken cancel)
    {
        try
        {
            await load.Table.FinishAsync(cancel);
        }
        catch (UserError error) when (error.ExitCode != ExitCode.NotPermitted)
        {
            await load.FailAsync(error, cancel);
        }
    }

    /// <summary>The name of a stream's table.</summary>
    public string TableNameOf(string stream) => _tables.NameOf(stream);
}
