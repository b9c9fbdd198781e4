namespace DataSpoc.Contracts.Delta;

/// <summary>Names of table features (Delta protocol, "Valid Feature Names in Table Features").</summary>
public static class TableFeatures
{
    /// <summary>Timestamps without zone.</summary>
    public const string TimestampNtz = "timestampNtz";

    /// <summary>Tables from which nothing may be removed, where <c>delta.appendOnly</c> says so.</summary>
    public const string AppendOnly = "appendOnly";

    /// <summary>Columns with conditions that writers must hold.</summary>
    public const string Invariants = "invariants";

    /// <summary>Columns whose name in the files is another.</summary>
    public const string ColumnMapping = "columnMapping";

    /// <summary>Rows deleted without rewriting their file.</summary>
    public const string DeletionVectors = "deletionVectors";

    /// <summary>Vacuum only by who knows the protocol.</summary>
    public const string VacuumProtocolCheck = "vacuumProtocolCheck";

    /// <summary>Checkpoints whose name holds a UUID and that may point to sidecar files.</summary>
    public const string V2Checkpoint = "v2Checkpoint";
}
