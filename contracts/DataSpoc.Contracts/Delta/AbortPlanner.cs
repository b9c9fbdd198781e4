namespace DataSpoc.Contracts.Delta;

/// <summary>
/// Plans how a run that another table refused is taken back from this one (decision 7). Either the change is in the log: then its files leave the table and what it
/// removed comes back. Or it is not: then its sequence number is used up, so that a process that slept cannot commit it any more. Pure.
/// </summary>
public static class AbortPlanner
{
    /// <summary>The application id under which it is noted that a run of <paramref name="appId"/> was taken back.</summary>
    public static string Mark(string appId) => appId + "/aborted";

    /// <summary>Whether a table holds the note that this change was taken back, or cannot be committed any more.</summary>
    public static bool IsAborted(TableSnapshot? current, TableChange change) =>
        current?.Transactions.TryGetValue(Mark(change.AppId), out var mark) == true && mark.Version >= change.Sequence;

    /// <summary>Plans the entry.</summary>
    /// <param name="current">The table as it is, or null where it has no log.</param>
    /// <param name="change">What is taken back.</param>
    /// <param name="committed">The entry by which the change came in, and the table before it; null where it did not.</param>
    /// <param name="now">The time the entry carries.</param>
    /// <returns>The entry; null where there is nothing to do: it is noted already, or the table became one that this suite may not write.</returns>
    public static PlannedCommit? Plan(TableSnapshot? current, TableChange change, (IReadOnlyList<DeltaAction> Entry, TableSnapshot? Before)? committed, DateTimeOffset now)
    {
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        if (IsAborted(current, change) || (current is not null && !IsWritable(current)))
            return null;
        // a table that is not there is made, without rows: otherwise the sleeper would make it
        var empty = change with { Files = [], Mode = ChangeMode.Append };
        var (protocol, metadata) = current is null ? TableDefinition.After(null, empty, now) : (current.Protocol, current.Metadata);
        var actions = new List<DeltaAction>
        {
            new CommitInfo { Timestamp = now, Operation = "RESTORE", Tool = CommitProvenance.Signature(change), RunId = change.RunId, Write = CommitProvenance.Repeated(committed is { Before: { } } done ? done.Before : current) },
        };
        if (current is null)
            actions.AddRange([protocol, metadata, .. change.Adopted.Select(file => CommitPlanner.Adopt(change, file))]);
        else if (committed is { } own)
            actions.AddRange(TakenBack(current, change, own.Entry, own.Before, now));
        if (!(current?.Transactions.GetValueOrDefault(change.AppId)?.Version >= change.Sequence))
            actions.Add(new Transaction(change.AppId, change.Sequence, now));
        actions.Add(new Transaction(Mark(change.AppId), change.Sequence, now));
        return new((current?.Version ?? -1) + 1, actions, []);
    }

    private static IEnumerable<DeltaAction> TakenBack(TableSnapshot current, TableChange change, IReadOnlyList<DeltaAction> entry, TableSnapshot? before, DateTimeOffset now)
    {
        var added = entry.OfType<AddFile>().ToDictionary(file => file.Path, StringComparer.Ordinal);
        var own = change.Files.Select(file => CommitPlanner.RelativePath(change, file)).ToArray();
        // who replaced the rows since has decided what the table is
        if (!own.All(current.Files.ContainsKey))
            yield break;
        foreach (var path in own)
            yield return new RemoveFile(path) { DeletionTimestamp = now, DataChange = change.DataChange, PartitionValues = added[path].PartitionValues, Size = added[path].Size };
        foreach (var file in entry.OfType<RemoveFile>().Select(removed => before?.Files.GetValueOrDefault(removed.Path)).OfType<AddFile>())
            if (!current.Files.ContainsKey(file.Path))
                yield return file with { DataChange = change.DataChange };
        foreach (var file in change.Adopted.Where(file => before is null && !current.Files.ContainsKey(file.Path)))
            yield return CommitPlanner.Adopt(change, file);
        if (before is not null && entry.OfType<Metadata>().FirstOrDefault() is { } changed && changed.Schema.Equals(current.Metadata.Schema))
            yield return before.Metadata;
    }

    private static bool IsWritable(TableSnapshot current)
    {
        try
        {
            TableAccess.RequireWritable(current.Table, current.Protocol, current.Metadata);
            return true;
        }
        catch (UserError)
        {
            return false;
        }
    }
}
