namespace DataSpoc.Contracts.Delta;

/// <summary>
/// Applies log entries in order and gives the table they come to (Delta protocol, "Action Reconciliation"): the last word on a path, an application,
/// the metadata wins. Applying an entry twice in a row changes nothing, so a compaction file may overlap what was applied before it.
/// </summary>
public sealed class SnapshotReplay
{
    private readonly Dictionary<string, AddFile> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RemoveFile> tombstones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Transaction> transactions = new(StringComparer.Ordinal);
    private readonly string table;
    private long version = -1;
    private Protocol? protocol;
    private Metadata? metadata;
    private CommitInfo? lastWrite;

    /// <summary>A replay from the beginning of a log.</summary>
    /// <param name="table">The table's folder, for messages.</param>
    public SnapshotReplay(string table = "") => this.table = table.Length == 0 ? "the table" : table;

    /// <summary>A replay that goes on from a snapshot.</summary>
    public static SnapshotReplay From(TableSnapshot snapshot)
    {
        var replay = new SnapshotReplay(snapshot.Table)
        {
            version = snapshot.Version,
            protocol = snapshot.Protocol,
            metadata = snapshot.Metadata,
            lastWrite = snapshot.LastWrite,
        };
        foreach (var file in snapshot.Files.Values)
            replay.files[file.Path] = file;
        foreach (var tombstone in snapshot.Tombstones.Values)
            replay.tombstones[tombstone.Path] = tombstone;
        foreach (var transaction in snapshot.Transactions.Values)
            replay.transactions[transaction.AppId] = transaction;
        return replay;
    }

    /// <summary>Applies the actions of one commit, or of a checkpoint or compaction file that ends at <paramref name="version"/>.</summary>
    /// <param name="version">The version after which the actions are in force; not below the last one applied.</param>
    /// <param name="actions">The actions; those of <see cref="Sidecar"/> files in place of the sidecars.</param>
    /// <returns>This replay.</returns>
    public SnapshotReplay Apply(long version, IEnumerable<DeltaAction> actions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, this.version);
        this.version = version;
        foreach (var action in actions)
            Apply(action);
        return this;
    }

    /// <summary>The table after the last entry applied.</summary>
    /// <exception cref="UserError">The table needs features that are not known here (<see cref="ExitCode.Refused"/>), or its log is corrupt.</exception>
    public TableSnapshot ToSnapshot()
    {
        if (protocol is null || metadata is null)
            throw new UserError($"the Delta log of `{table}` has no {(protocol is null ? "protocol" : "metaData")} action")
            {
                Where = [("table", table), ("version", $"{version}")],
                Hint = "the first entries of the log are damaged: restore them from a backup or from the bucket's versions",
            };
        TableAccess.RequireReadable(table, protocol, metadata, files.Values);
        return new(version, protocol, metadata, new Dictionary<string, AddFile>(files, StringComparer.Ordinal))
        {
            Table = table,
            Transactions = new Dictionary<string, Transaction>(transactions, StringComparer.Ordinal),
            Tombstones = new Dictionary<string, RemoveFile>(tombstones, StringComparer.Ordinal),
            LastWrite = lastWrite,
        };
    }

    private void Apply(DeltaAction action)
    {
        switch (action)
        {
            case AddFile add:
                files[add.Path] = add;
                tombstones.Remove(add.Path);
                break;
            case RemoveFile remove:
                files.Remove(remove.Path);
                tombstones[remove.Path] = remove;
                break;
            case Transaction transaction:
                transactions[transaction.AppId] = transaction;
                break;
            case Protocol given:
                protocol = given;
                break;
            case Metadata given:
                metadata = given;
                break;
            case CommitInfo { Write: not null } info:
                lastWrite = info;
                break;
            case Sidecar sidecar:
                throw new ArgumentException($"the actions of the sidecar `{sidecar.Path}` belong in its place", nameof(action));
        }
    }
}
