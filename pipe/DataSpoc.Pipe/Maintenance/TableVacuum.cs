using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Pipe.Maintenance;

/// <summary>An object that nobody needs any more.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Why">Why it is not needed.</param>
internal sealed record Waste(string Key, long Bytes, string Why);

/// <summary>
/// Finds what no snapshot within the retention needs: data files that were replaced before that, files of runs that were killed, uploads that nobody will finish.
/// Never what a run in flight has written or is committing.
/// </summary>
/// <param name="store">The bucket.</param>
/// <param name="now">The time.</param>
/// <param name="given">How long replaced files stay; null: as long as their table keeps history, or a week.</param>
internal sealed class TableVacuum(IObjectStore store, DateTimeOffset now, TimeSpan? given)
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(7);

    /// <summary>A run may take this long from its first file to its commit: younger files that no log names are left alone.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromHours(24);

    /// <summary>The data files of a table that nobody needs.</summary>
    public async Task<IReadOnlyList<Waste>> OfTableAsync(TableLocation location, CancellationToken cancel)
    {
        var waste = new List<Waste>();
        // what is listed first cannot belong to a commit that is read afterwards and is not seen as such
        var objects = new List<ObjectMetadata>();
        await foreach (var found in store.ListAsync(location.Folder + "/", null, cancel))
            if (found.Key.EndsWith(".parquet", StringComparison.Ordinal) && !found.Key.StartsWith(location.LogFolder, StringComparison.Ordinal))
                objects.Add(found);
        var committing = (await OpenRuns.ReadAsync(store, cancel)).Keys;
        // a folder without a log is a table of DataSpoc 1.0: all of its files are rows
        if (await new TableLog(store).ReadAsync(location, cancel) is not { } snapshot)
            return [];
        var retention = given ?? TableHistory.Of(snapshot.Metadata) ?? Usual;
        foreach (var found in objects)
        {
            var path = found.Key[(location.Folder.Length + 1)..];
            if (snapshot.Files.ContainsKey(path) || committing.Contains(found.Key))
                continue;
            if (snapshot.Tombstones.TryGetValue(path, out var tombstone))
            {
                if (now - (tombstone.DeletionTimestamp ?? found.LastModified) >= retention)
                    waste.Add(new(found.Key, found.Size, "replaced"));
            }
            else if (now - found.LastModified >= (retention > LongestRun ? retention : LongestRun))
                waste.Add(new(found.Key, found.Size, "no log names it"));
        }
        return waste;
    }

    /// <summary>Staged objects of runs that were killed.</summary>
    public async Task<IReadOnlyList<StagedObject>> StagedAsync(CancellationToken cancel)
    {
        var old = new List<StagedObject>();
        await foreach (var (staged, begun) in store.ListStagedAsync(cancel))
            if (now - begun >= LongestRun)
                old.Add(staged);
        var committing = (await OpenRuns.ReadAsync(store, cancel)).Keys;
        return [.. old.Where(staged => !committing.Contains(staged.Key))];
    }
}
