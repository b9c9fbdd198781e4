namespace DataSpoc.Contracts.Delta;

/// <summary>A table at one version of its log: what the log's actions up to there come to.</summary>
/// <param name="Version">The last log entry that is contained.</param>
/// <param name="Protocol">The protocol in force; a snapshot is only made where a reader of this suite may read it.</param>
/// <param name="Metadata">The metadata in force.</param>
/// <param name="Files">The data files by their decoded relative path.</param>
public sealed record TableSnapshot(long Version, Protocol Protocol, Metadata Metadata, IReadOnlyDictionary<string, AddFile> Files)
{
    /// <summary>The table's folder, for messages.</summary>
    public string Table { get; init; } = "the table";

    /// <summary>How far each application has written: its id → its last transaction.</summary>
    public IReadOnlyDictionary<string, Transaction> Transactions { get; init; } = new Dictionary<string, Transaction>();

    /// <summary>Files that were removed, by path, as far as the log still tells.</summary>
    public IReadOnlyDictionary<string, RemoveFile> Tombstones { get; init; } = new Dictionary<string, RemoveFile>();

    /// <summary>The newest commit of this suite among those that were read one by one, or null. Checkpoints and compaction files do not tell it,
    /// so a <see cref="LogPlan"/> always reads the last commit itself.</summary>
    public CommitInfo? LastWrite { get; init; }

    /// <summary>Rows of all files, or null where a file does not tell.</summary>
    public long? Rows
    {
        get
        {
            long rows = 0;
            foreach (var file in Files.Values)
            {
                if (file.Rows is not { } more)
                    return null;
                rows += more;
            }
            return rows;
        }
    }

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Files.Values.Sum(file => file.Size);

    /// <summary>This snapshot with one more log entry applied.</summary>
    /// <param name="version">The entry's version, <see cref="Version"/> + 1.</param>
    /// <param name="actions">The entry's actions.</param>
    /// <exception cref="UserError">The entry makes the table one that cannot be read (<see cref="ExitCode.Refused"/>).</exception>
    public TableSnapshot With(long version, IEnumerable<DeltaAction> actions) => SnapshotReplay.From(this).Apply(version, actions).ToSnapshot();
}
