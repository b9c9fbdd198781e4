namespace DataSpoc.Contracts.Delta;

/// <summary>What to read for a snapshot.</summary>
/// <param name="Version">The version the snapshot will have.</param>
/// <param name="Files">In the order in which they are applied (<see cref="SnapshotReplay"/> with <see cref="LogFile.Version"/>). Ends with the commit of
/// <paramref name="Version"/> even where a checkpoint or compaction holds it, as only the commit tells who wrote it (Delta protocol, "Action Reconciliation").</param>
public sealed record LogPlan(long Version, IReadOnlyList<LogFile> Files);

/// <summary>A file to read.</summary>
/// <param name="Name">Its name in <c>_delta_log</c>.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="Version">The version after which its last action is in force.</param>
public sealed record LogFile(string Name, LogFileKind Kind, long Version);

/// <summary>How a file of the log is read.</summary>
public enum LogFileKind
{
    /// <summary>One commit: <see cref="LogEntry.Parse"/>.</summary>
    Commit,

    /// <summary>Several commits reconciled: <see cref="LogEntry.Parse"/>.</summary>
    Compaction,

    /// <summary>A V2 checkpoint in JSON: <see cref="LogEntry.Parse"/>, then the <see cref="Sidecar"/> files it names.</summary>
    JsonCheckpoint,

    /// <summary>A checkpoint, or a part of one, in Parquet: read by <see cref="ICheckpointReader"/>, then the <see cref="Sidecar"/> files it names.</summary>
    ParquetCheckpoint,
}
