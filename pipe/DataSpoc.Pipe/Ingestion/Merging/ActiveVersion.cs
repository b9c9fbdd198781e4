namespace DataSpoc.Pipe.Ingestion.Merging;

/// <summary>The version of a table that alone stays (Singer's ACTIVATE_VERSION).</summary>
/// <param name="Version">The version.</param>
/// <param name="LandedBefore">Files that this run had landed before it was activated: what comes after them stays, whatever its version.</param>
/// <param name="OwnFiles">Files of the table that this run has committed: their rows without a version stay.</param>
internal sealed record ActiveVersion(long Version, int LandedBefore, IReadOnlySet<string> OwnFiles);
