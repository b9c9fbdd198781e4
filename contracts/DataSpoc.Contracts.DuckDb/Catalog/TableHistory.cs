using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>Which versions a table has had, and when.</summary>
public static class TableHistory
{
    /// <summary>The version that an instant means, of a table with a log; null for the newest.</summary>
    /// <exception cref="UserError">The table has no log, or did not exist by then.</exception>
    public static async Task<long?> VersionAsync(IObjectStore store, TableLocation location, AsOf? asOf, CancellationToken cancel)
    {
        if (asOf?.Time is not { } time)
            return asOf?.Version;
        var commits = await CommitsAsync(store, location, cancel);
        // commits are in the order of time: the first one after it is found by halving
        var (low, high) = (0, commits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (await TimeAsync(store, location, commits[middle], cancel) <= time)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 ? commits[low - 1] : throw new UserError($"`{location.SqlName}` was not there at {asOf}")
        {
            Where = [("bucket", store.Bucket.ToString()), ("first version", commits.Count == 0 ? "none" : $"{await TimeAsync(store, location, commits[0], cancel):yyyy-MM-dd HH:mm:ss} UTC")],
        };
    }

    /// <summary>The versions that lie in the log as entries of their own, oldest first.</summary>
    public static async Task<IReadOnlyList<long>> CommitsAsync(IObjectStore store, TableLocation location, CancellationToken cancel)
    {
        var log = location.LogFolder + "/";
        var names = new List<string>();
        await foreach (var entry in store.ListAsync(log, null, cancel))
            names.Add(entry.Key[log.Length..]);
        return [.. LogListing.From(names).Commits];
    }

    /// <summary>When a version was committed: as its entry says, or when the entry was written.</summary>
    /// <exception cref="UserError">The entry is not there.</exception>
    public static async Task<DateTimeOffset> TimeAsync(IObjectStore store, TableLocation location, long version, CancellationToken cancel)
    {
        var key = TableLog.EntryKey(location, version);
        var entry = await store.GetAsync(key, cancel) ?? throw new UserError($"`{location.SqlName}` has no version {version}") { Where = [("file", $"{store.Bucket}/{key}")] };
        return LogEntry.Parse(entry.Bytes, key).OfType<CommitInfo>().FirstOrDefault()?.Timestamp ?? entry.Metadata.LastModified;
    }
}
