using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.Storage.Manifests;

/// <summary>A bucket's catalog, changed by compare-and-swap so that two runs never lose each other's entry (CONTRACT section 3).</summary>
/// <param name="store">The bucket.</param>
/// <param name="key">One of <see cref="DocumentKeys.Manifests"/>.</param>
/// <param name="writer">The tool and its version: <c>pipe 0.1.0</c>.</param>
/// <param name="time">The clock of <c>updated_at</c>.</param>
public sealed class ManifestStore(IObjectStore store, string key, string writer, TimeProvider time)
{
    /// <summary>The catalog, empty where there is none.</summary>
    /// <exception cref="UserError">It is corrupt or of another major version.</exception>
    public async Task<Manifest> ReadAsync(CancellationToken cancel) => (await ReadVersionedAsync(cancel)).Manifest;

    /// <summary>Brings entries up to the given snapshots. An entry never goes back to an older snapshot.</summary>
    public Task MergeAsync(IReadOnlyList<(TableLocation Location, TableSnapshot Snapshot)> tables, CancellationToken cancel) =>
        SwapAsync(manifest =>
        {
            foreach (var (location, snapshot) in tables)
            {
                var previous = manifest.Tables.GetValueOrDefault(location.ManifestKey);
                var entry = ManifestEntry.From(location, snapshot, previous);
                if (previous?.Snapshot > entry.Snapshot || (previous is not null && previous.Equals(entry)))
                    continue;
                manifest = manifest.Merge(entry, writer, time.GetUtcNow());
            }
            return manifest;
        }, cancel);

    /// <summary>Makes the catalog anew from the logs. A catalog that cannot be read is replaced.</summary>
    /// <returns>The catalog that was written.</returns>
    public async Task<Manifest> RebuildAsync(CancellationToken cancel)
    {
        var content = await store.GetAsync(key, cancel);
        var previous = content is null ? Manifest.Empty : TryParse(content);
        var rebuilt = await ManifestFromLogs.ReadAsync(store, key, previous, writer, time, cancel);
        if (await store.PutAsync(key, rebuilt.Serialize(), WriteCondition.Unchanged(content?.Metadata.ETag), cancel) is null)
            throw new UserError("the manifest was changed while it was rebuilt") { Where = [("file", $"{store.Bucket}/{key}")], Hint = "run it again" };
        return rebuilt;
    }

    /// <summary>What the catalog says otherwise than the logs; empty where they agree.</summary>
    public async Task<IReadOnlyList<ManifestDifference>> VerifyAsync(CancellationToken cancel)
    {
        var manifest = await ReadAsync(cancel);
        var logs = await ManifestFromLogs.ReadAsync(store, key, manifest, writer, time, cancel);
        return ManifestDifference.Between(manifest, logs);
    }

    private async Task SwapAsync(Func<Manifest, Manifest> change, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (manifest, etag) = await ReadVersionedAsync(cancel);
            var changed = change(manifest);
            if (ReferenceEquals(changed, manifest))
                return;
            // a lost race and a landed write whose answer was lost look the same: the next turn sees what is there
            if (await store.PutAsync(key, changed.Serialize(), WriteCondition.Unchanged(etag), cancel) is not null)
                return;
            await Backoff.WaitAsync(attempt, time, cancel);
        }
    }

    private async Task<(Manifest Manifest, string? ETag)> ReadVersionedAsync(CancellationToken cancel) =>
        await store.GetAsync(key, cancel) is { } content
            ? (Manifest.Parse(content.Bytes, $"{store.Bucket}/{key}"), content.Metadata.ETag)
            : (Manifest.Empty, null);

    private Manifest TryParse(ObjectContent content)
    {
        try
        {
            return Manifest.Parse(content.Bytes, $"{store.Bucket}/{key}");
        }
        catch (UserError error) when (error.ExitCode != ExitCode.Refused)
        {
            return Manifest.Empty;
        }
    }
}
