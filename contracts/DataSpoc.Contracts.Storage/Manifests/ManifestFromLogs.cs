using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.Storage.Manifests;

/// <summary>The catalog as the logs of all tables tell it.</summary>
internal static class ManifestFromLogs
{
    private const int TablesAtOnce = 16;

    // the character that follows the slash: folder + this comes after everything in the folder, and before everything else that does
    private const char AfterSlash = (char)('/' + 1);

    /// <param name="store">The bucket.</param>
    /// <param name="key">The catalog; only tables of its layers are read.</param>
    /// <param name="previous">Gives what logs do not tell: unknown members, and entries of folders without a log.</param>
    /// <param name="writer">The tool and its version.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<Manifest> ReadAsync(IObjectStore store, string key, Manifest previous, string writer, TimeProvider time, CancellationToken cancel)
    {
        var locations = new List<TableLocation>();
        foreach (var layer in LayerNames.All.Where(layer => DocumentKeys.ManifestOf(layer) == key))
            locations.AddRange(await TablesAsync(store, layer, cancel));
        var entries = new ManifestEntry?[locations.Count];
        var log = new TableLog(store);
        var parallel = Concurrency.Of(TablesAtOnce, cancel);
        await Parallel.ForAsync(0, entries.Length, parallel, async (i, token) =>
            entries[i] = await log.ReadAsync(locations[i], token) is { } snapshot
                ? ManifestEntry.From(locations[i], snapshot, previous.Tables.GetValueOrDefault(locations[i].ManifestKey))
                : null);
        var logged = locations.Select(location => location.ManifestKey).ToHashSet(StringComparer.Ordinal);
        var rebuilt = previous;
        foreach (var (name, entry) in previous.Tables)
            if (entry.Snapshot is not null && !logged.Contains(name))
                rebuilt = rebuilt.Without(name, writer, time.GetUtcNow());
        foreach (var entry in entries.OfType<ManifestEntry>())
            rebuilt = rebuilt.Merge(entry, writer, time.GetUtcNow());
        return rebuilt;
    }

    private static async Task<List<TableLocation>> TablesAsync(IObjectStore store, Layer layer, CancellationToken cancel)
    {
        var found = new List<TableLocation>();
        string? after = null;
        while (true)
        {
            // one step per table: the next key behind everything below the folder that was just seen
            var next = await store.ListAsync(layer.Folder + "/", after, cancel).FirstOrDefaultAsync(cancel);
            if (next is null)
                return found;
            var depth = 3;
            var parts = next.Key.Split('/');
            if (parts.Length <= depth)
            {
                after = next.Key;
                continue;
            }
            var folder = string.Join('/', parts.Take(depth));
            after = folder + AfterSlash;
            if (TableLocation.FromFolder(folder) is { } location
                && await store.ListAsync(location.LogFolder + "/", null, cancel).FirstOrDefaultAsync(cancel) is not null)
                found.Add(location);
        }
    }
}
