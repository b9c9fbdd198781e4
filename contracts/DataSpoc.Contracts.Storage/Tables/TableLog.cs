using System.Globalization;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Storage.Tables;

/// <summary>Reads a table's Delta log, and keeps it short.</summary>
/// <param name="store">The bucket.</param>
/// <param name="checkpoints">Reads Parquet checkpoints that other writers made; null refuses them by name.</param>
/// <param name="copies">Where entries of a distant bucket are kept, which never change; null reads them each time.</param>
public sealed class TableLog(IObjectStore store, ICheckpointReader? checkpoints = null, IObjectCopies? copies = null)
{
    private const int ReadsAtOnce = 16;

    /// <summary>The key of a log entry.</summary>
    public static string EntryKey(TableLocation location, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{location.LogFolder}/{version:d20}.json");

    /// <summary>The newest snapshot, or null where the table has no log.</summary>
    /// <exception cref="UserError">The log is corrupt, has a gap, or asks for a feature that is not known here.</exception>
    public Task<TableSnapshot?> ReadAsync(TableLocation location, CancellationToken cancel) => ReadAsync(location.Folder, null, cancel);

    /// <summary>The snapshot of a version, or the newest, of any folder of the bucket; null where it has no log.</summary>
    /// <param name="folder">The table's folder relative to the bucket's root, without a slash at its end.</param>
    /// <param name="version">The version, or null for the newest.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UserError">The log is corrupt, has a gap, has no such version, or asks for a feature that is not known here.</exception>
    public async Task<TableSnapshot?> ReadAsync(string folder, long? version, CancellationToken cancel)
    {
        var log = folder + "/_delta_log/";
        var listed = new Dictionary<string, ObjectMetadata>(StringComparer.Ordinal);
        await foreach (var entry in store.ListAsync(log, null, cancel))
            listed[entry.Key] = entry;
        var listing = LogListing.From(listed.Keys.Select(key => key[log.Length..]));
        if (listing.Newest is null && listed.Count == 0)
            return null;
        var plan = listing.Plan($"{store.Bucket}/{folder}", version);
        var actions = new IReadOnlyList<DeltaAction>[plan.Files.Count];
        var parallel = Concurrency.Of(ReadsAtOnce, cancel);
        if (actions.Length == 1)
            actions[0] = await ReadFileAsync(log, plan.Files[0], listed, cancel);
        else
            await Parallel.ForAsync(0, actions.Length, parallel, async (i, token) => actions[i] = await ReadFileAsync(log, plan.Files[i], listed, token));
        var replay = new SnapshotReplay();
        for (var i = 0; i < actions.Length; i++)
            replay.Apply(plan.Files[i].Version, actions[i]);
        return replay.ToSnapshot();
    }

    /// <summary>The snapshot after one more entry.</summary>
    internal static TableSnapshot Next(TableSnapshot? before, long version, IReadOnlyList<DeltaAction> actions) =>
        before?.With(version, actions) ?? new SnapshotReplay().Apply(version, actions).ToSnapshot();

    /// <summary>
    /// Writes the compaction files that are due after a version. They hold nothing that the commits do not, so two writers may write the same
    /// one, and a missing one costs time only.
    /// </summary>
    internal async Task CompactAsync(TableLocation location, long version, CancellationToken cancel)
    {
        var log = location.LogFolder + "/";
        foreach (var (first, last) in LogCompaction.DueAfter(version))
        {
            var actions = new IReadOnlyList<DeltaAction>[last - first + 1];
            var parallel = Concurrency.Of(ReadsAtOnce, cancel);
            await Parallel.ForAsync(0, actions.Length, parallel, async (i, token) =>
            {
                var key = EntryKey(location, first + i);
                actions[i] = LogEntry.Parse(await ContentAsync(key, null, token), $"{store.Bucket}/{key}");
            });
            var compacted = LogEntry.Serialize(LogCompaction.Build(actions.SelectMany(part => part)));
            await store.PutAsync(log + LogCompaction.FileName(first, last), compacted, WriteCondition.None, cancel);
        }
    }

    private async Task<IReadOnlyList<DeltaAction>> ReadFileAsync(string log, LogFile file, Dictionary<string, ObjectMetadata> listed, CancellationToken cancel)
    {
        var key = log + file.Name;
        if (file.Kind == LogFileKind.ParquetCheckpoint)
            return await WithSidecarsAsync(log, await ReadParquetAsync(key, listed, cancel), listed, cancel);
        var actions = LogEntry.Parse(await ContentAsync(key, listed, cancel), $"{store.Bucket}/{key}");
        return file.Kind == LogFileKind.JsonCheckpoint ? await WithSidecarsAsync(log, actions, listed, cancel) : actions;
    }

    private async Task<IReadOnlyList<DeltaAction>> WithSidecarsAsync(string log, IReadOnlyList<DeltaAction> actions, Dictionary<string, ObjectMetadata> listed, CancellationToken cancel)
    {
        var all = new List<DeltaAction>(actions);
        foreach (var sidecar in actions.OfType<Sidecar>())
            all.AddRange(await ReadParquetAsync(sidecar.Path.Contains('/', StringComparison.Ordinal) ? log + sidecar.Path : log + "_sidecars/" + sidecar.Path, listed, cancel));
        return all;
    }

    private async Task<IReadOnlyList<DeltaAction>> ReadParquetAsync(string key, Dictionary<string, ObjectMetadata> listed, CancellationToken cancel)
    {
        if (checkpoints is null)
            throw new UserError("the table's log has a Parquet checkpoint, which cannot be read here") { Where = [("file", $"{store.Bucket}/{key}")] };
        if (store.LocalPath(key) is { } local)
            return await checkpoints.ReadAsync(local, key, cancel);
        var copy = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(copy, await ContentAsync(key, listed, cancel), cancel);
            return await checkpoints.ReadAsync(copy, key, cancel);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ContentAsync(string key, Dictionary<string, ObjectMetadata>? listed, CancellationToken cancel) =>
        (copies is not null && listed?.GetValueOrDefault(key) is { } there && store.LocalPath(key) is null ? await copies.GetAsync(store, there, cancel) : (await store.GetAsync(key, cancel))?.Bytes)
            ?? throw new UserError("a log entry that was listed is not there") { Where = [("file", $"{store.Bucket}/{key}")] };
}
