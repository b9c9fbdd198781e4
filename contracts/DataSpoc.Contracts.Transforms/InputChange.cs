using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Contracts.Transforms;

/// <summary>What happened to a table between two versions of its log.</summary>
/// <param name="Added">Files with rows that it did not have, by path.</param>
/// <param name="HasRemoved">Whether rows were taken away or replaced.</param>
/// <param name="Days">The days of which rows came or went; null stands for files of no day.</param>
internal sealed record InputChange(IReadOnlySet<string> Added, bool HasRemoved, IReadOnlySet<string?> Days)
{
    private const int MostEntries = 1000;

    /// <summary>Reads the entries between; null where the log does not hold all of them any more, so that nothing can be said.</summary>
    /// <exception cref="UserError">An entry is corrupt or cannot be read.</exception>
    public static async Task<InputChange?> BetweenAsync(IObjectStore store, TableLocation location, long from, long to, CancellationToken cancel)
    {
        if (from > to || to - from > MostEntries)
            return null;
        var (added, days, removed) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string?>(), false);
        for (var version = from + 1; version <= to; version++)
        {
            var key = TableLog.EntryKey(location, version);
            if (await store.GetAsync(key, cancel) is not { } entry)
                return null;
            foreach (var action in LogEntry.Parse(entry.Bytes, $"{store.Bucket}/{key}"))
                // rows that only moved between files are no news
                if (action is AddFile { DataChange: true } add)
                {
                    added.Add(add.Path);
                    days.Add(add.PartitionValues.GetValueOrDefault(DataFileName.PartitionColumn));
                }
                else if (action is RemoveFile { DataChange: true } remove)
                {
                    removed = true;
                    days.Add(remove.PartitionValues?.GetValueOrDefault(DataFileName.PartitionColumn) ?? DayOf(remove.Path));
                }
        }
        return new(added, removed, days);
    }

    private static string? DayOf(string path) => DataFileName.PartitionOf(path) is { } day ? DataFileName.PartitionValue(day) : null;
}
