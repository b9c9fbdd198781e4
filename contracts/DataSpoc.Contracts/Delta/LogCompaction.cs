namespace DataSpoc.Contracts.Delta;

/// <summary>Log compaction files, which keep reading cheap without Parquet checkpoints (Delta protocol, "Log Compaction Files").</summary>
public static class LogCompaction
{
    /// <summary>So many commits go into one file, and so many of these files into one of the next size.</summary>
    public const int Every = 50;

    private const long Largest = (long)Every * Every * Every;

    /// <summary>The name of the file that holds the versions from <paramref name="first"/> to <paramref name="last"/> reconciled.</summary>
    public static string FileName(long first, long last) => $"{LogNames.Padded(first)}.{LogNames.Padded(last)}.compacted.json";

    /// <summary>The ranges that are to be compacted once <paramref name="version"/> is committed, small ones first; mostly none.</summary>
    public static IReadOnlyList<(long First, long Last)> DueAfter(long version)
    {
        var due = new List<(long, long)>();
        for (long size = Every; size <= Largest && (version + 1) % size == 0; size *= Every)
            due.Add((version + 1 - size, version));
        return due;
    }

    /// <summary>
    /// The ranges that ought to be compacted and are not, small ones first: those of <see cref="DueAfter"/>, and any that a writer which was interrupted left out.
    /// </summary>
    public static IReadOnlyList<(long First, long Last)> Missing(LogListing listing)
    {
        var missing = new List<(long, long)>();
        if (listing.Newest is not { } newest)
            return missing;
        var there = listing.Compactions.ToHashSet();
        for (long size = Every; size <= Largest; size *= Every)
            for (var last = size - 1; last <= newest; last += size)
                if (!there.Contains((last + 1 - size, last)) && listing.Commits.Contains(last + 1 - size) && listing.Commits.Contains(last))
                    missing.Add((last + 1 - size, last));
        return missing;
    }

    /// <summary>The actions that a range of commits comes to. The last word on a path, an application, the metadata wins; provenance is left out.</summary>
    /// <param name="actions">The actions of the commits in order, or those of the compaction files they are in.</param>
    public static IReadOnlyList<DeltaAction> Build(IEnumerable<DeltaAction> actions)
    {
        Protocol? protocol = null;
        Metadata? metadata = null;
        var transactions = new SortedDictionary<string, Transaction>(StringComparer.Ordinal);
        var files = new SortedDictionary<string, DeltaAction>(StringComparer.Ordinal);
        foreach (var action in actions)
            switch (action)
            {
                case Protocol given:
                    protocol = given;
                    break;
                case Metadata given:
                    metadata = given;
                    break;
                case Transaction transaction:
                    transactions[transaction.AppId] = transaction;
                    break;
                case AddFile add:
                    files[add.Path] = add;
                    break;
                case RemoveFile remove:
                    files[remove.Path] = remove;
                    break;
            }
        var result = new List<DeltaAction>();
        if (protocol is not null)
            result.Add(protocol);
        if (metadata is not null)
            result.Add(metadata);
        result.AddRange(transactions.Values);
        result.AddRange(files.Values);
        return result;
    }
}
