using System.Globalization;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Delta;

/// <summary>Turns the intent of a run into a log entry. Pure: the same snapshot, change and time give the same entry.</summary>
public static class CommitPlanner
{
    /// <summary>Plans the next log entry of a table.</summary>
    /// <param name="current">The table as it is, or null where it has no log.</param>
    /// <param name="change">What is to be committed.</param>
    /// <param name="now">The time the entry carries, cut to milliseconds.</param>
    /// <exception cref="UserError">A column's type differs, the table may not be written (<see cref="ExitCode.Refused"/>); the table has moved on from
    /// <see cref="TableChange.ReadVersion"/>, or has a later run of the same pipeline (<see cref="ExitCode.Failed"/>).</exception>
    public static CommitPlan Plan(TableSnapshot? current, TableChange change, DateTimeOffset now)
    {
        Require(change);
        // the log has milliseconds: what is planned must be what is read back
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var table = change.Location.Folder;
        if (current is not null)
        {
            TableAccess.RequireWritable(table, current.Protocol, current.Metadata);
            if (CommittedBefore(current, change) is { } done)
                return done;
            if (change.ReadVersion is { } read && read != current.Version)
                throw MovedOn(table, read, current.Version);
        }
        if (change.Replaced.FirstOrDefault(path => current?.Files.ContainsKey(path) != true) is { } missing)
            throw Replaced(table, missing);
        RequireNewNames(current, change);
        var removed = Removed(current, change);
        if (removed.Any())
            TableAccess.RequireRemovable(table, current!.Metadata);
        var (protocol, metadata) = TableDefinition.After(current, change, now);
        var adopted = current is null ? change.Adopted : [];
        var kept = adopted.Where(file => !Replaces(change, file.Partition)).ToList();
        var actions = new List<DeltaAction> { CommitProvenance.Of(current, change, now) };
        if (current is null || protocol != current.Protocol)
            actions.Add(protocol);
        if (current is null || !ReferenceEquals(metadata, current.Metadata))
            actions.Add(metadata);
        actions.Add(new Transaction(change.AppId, change.Sequence, now));
        actions.AddRange(removed.Select(file => new RemoveFile(file.Path) { DeletionTimestamp = now, DataChange = change.DataChange, PartitionValues = file.PartitionValues, Size = file.Size }));
        actions.AddRange(kept.Select(file => Adopt(change, file)));
        actions.AddRange(change.Files.Select(file => new AddFile(RelativePath(change, file), file.Staged.Size, now)
        {
            PartitionValues = PartitionValues(change, file.Partition),
            DataChange = change.DataChange,
            Statistics = StatisticsLimit.FirstColumns(file.Statistics ?? new FileStatistics(file.Rows)),
        }));
        // adopted files that are replaced at once never enter the log, so vacuum would not find them: they go in any case
        var gone = adopted.Except(kept).Select(file => file.Path);
        return new PlannedCommit((current?.Version ?? -1) + 1, actions, [.. change.KeepHistory is null ? removed.Select(file => file.Path) : [], .. gone]);
    }

    /// <summary>A file that lay in the folder, as the log names it.</summary>
    internal static AddFile Adopt(TableChange change, AdoptedFile file) => new(file.Path, file.Size, file.ModificationTime)
    {
        PartitionValues = PartitionValues(change, file.Partition),
        Statistics = file.Statistics is { } statistics ? StatisticsLimit.FirstColumns(statistics) : null,
    };

    private static AlreadyCommitted? CommittedBefore(TableSnapshot current, TableChange change)
    {
        if (!current.Transactions.TryGetValue(change.AppId, out var transaction) || transaction.Version < change.Sequence)
            return null;
        var known = change.Files.Count == 0 || change.Files.Select(file => RelativePath(change, file)).Any(path => current.Files.ContainsKey(path) || current.Tombstones.ContainsKey(path));
        if (transaction.Version > change.Sequence || !known)
            throw new UserError($"`{change.Location}` holds run {transaction.Version} of `{change.AppId}` already, and run {change.Sequence} was to be committed")
            {
                Where = [("table", change.Location.Folder), ("run", change.RunId)],
                Hint = "another process has finished this run or a later one; if the pipeline's run.json was deleted or restored from a backup, put the newest one back",
            };
        // what this very commit removed carries its time
        return new(change.KeepHistory is not null || transaction.LastUpdated is not { } then ? []
            : [.. current.Tombstones.Values.Where(tombstone => tombstone.DeletionTimestamp == then).Select(tombstone => tombstone.Path).Order(StringComparer.Ordinal)]);
    }

    private static IReadOnlyList<AddFile> Removed(TableSnapshot? current, TableChange change) => current is null || change.Mode == ChangeMode.Append ? []
        : change.Mode == ChangeMode.ReplaceFiles ? [.. change.Replaced.Order(StringComparer.Ordinal).Select(path => current.Files[path])]
        : [.. current.Files.Values.Where(file => Replaces(change, file.PartitionValues.GetValueOrDefault(DataFileName.PartitionColumn))).OrderBy(file => file.Path, StringComparer.Ordinal)];

    private static bool Replaces(TableChange change, string? partition) => change.Mode switch
    {
        ChangeMode.Append or ChangeMode.ReplaceFiles => false,
        ChangeMode.Overwrite => true,
        _ => partition is not null && (change.Partitions.Contains(partition) || change.Files.Any(file => file.Partition == partition)),
    };

    internal static string RelativePath(TableChange change, StagedFile file) => file.Staged.Key[(change.Location.Folder.Length + 1)..];

    private static Dictionary<string, string?> PartitionValues(TableChange change, string? partition) =>
        change.PartitionColumns.ToDictionary(column => column, _ => partition, StringComparer.Ordinal);

    // what only a mistake in this suite can break: a bug, not an error of the user
    private static void Require(TableChange change)
    {
        if (change.PartitionColumns is not ([] or [DataFileName.PartitionColumn]))
            throw new ArgumentException($"tables are partitioned by {DataFileName.PartitionColumn} or not at all", nameof(change));
        if (change.Replaced.Count > 0 && change.Mode != ChangeMode.ReplaceFiles)
            throw new ArgumentException("only a change that replaces files names them", nameof(change));
        if (change.Mode == ChangeMode.OverwritePartitions && change.PartitionColumns.Count == 0)
            throw new ArgumentException("a table without partitions has none to overwrite", nameof(change));
        foreach (var file in change.Files)
        {
            if (!file.Staged.Key.StartsWith(change.Location.Folder + "/", StringComparison.Ordinal) || !LogPath.IsInside(RelativePath(change, file)))
                throw new ArgumentException($"`{file.Staged.Key}` does not lie in `{change.Location.Folder}`", nameof(change));
            if (file.Partition is null != change.PartitionColumns is [] || file.Partition is { } day && !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                throw new ArgumentException($"`{file.Staged.Key}` has the partition `{file.Partition}`", nameof(change));
        }
    }

    // a name that comes twice would silently take the place of the file that has it
    private static void RequireNewNames(TableSnapshot? current, TableChange change)
    {
        var names = new HashSet<string>(current is null ? change.Adopted.Select(file => file.Path) : [], StringComparer.Ordinal);
        foreach (var path in change.Files.Select(file => RelativePath(change, file)))
            if (!names.Add(path) || current?.Files.ContainsKey(path) == true || current?.Tombstones.ContainsKey(path) == true)
                throw new ArgumentException($"`{path}` is the name of another data file of `{change.Location}`", nameof(change));
    }

    private static UserError MovedOn(string table, long read, long now) => new($"`{table}` was changed while its new rows were made")
    {
        Where = [("table", table), ("made from version", $"{read}"), ("newest version", $"{now}")],
        Hint = "run it again: nothing was written",
    };

    private static UserError Replaced(string table, string missing) => new($"`{table}` was changed while its new rows were made")
    {
        Where = [("table", table), ("no longer in it", missing)],
        Hint = "run it again: nothing was written",
    };
}
