namespace DataSpoc.Contracts.Delta;

/// <summary>What is to be done for a <see cref="TableChange"/>: either a <see cref="PlannedCommit"/> or nothing, as it is <see cref="AlreadyCommitted"/>.</summary>
/// <param name="SupersededFiles">Relative paths of files that no longer belong to the table and are deleted after the commit, so that readers of the folder
/// stay right. Empty where history is kept.</param>
public abstract record CommitPlan(IReadOnlyList<string> SupersededFiles);

/// <summary>A log entry to put where no entry is.</summary>
/// <param name="Version">The entry's version.</param>
/// <param name="Actions">The entry's lines, in order.</param>
/// <param name="SupersededFiles">As in <see cref="CommitPlan"/>.</param>
public sealed record PlannedCommit(long Version, IReadOnlyList<DeltaAction> Actions, IReadOnlyList<string> SupersededFiles) : CommitPlan(SupersededFiles);

/// <summary>The change is in the table already: a run that was interrupted after its commit.</summary>
/// <param name="SupersededFiles">As in <see cref="CommitPlan"/>; some may be deleted already.</param>
public sealed record AlreadyCommitted(IReadOnlyList<string> SupersededFiles) : CommitPlan(SupersededFiles);
