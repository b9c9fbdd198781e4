namespace DataSpoc.Contracts.Delta;

/// <summary>The seam to a Parquet engine: reads a checkpoint (or a part or sidecar of one) into actions. Implemented over DuckDB.</summary>
public interface ICheckpointReader
{
    /// <summary>
    /// The actions of a checkpoint file (Delta protocol, "Checkpoint Schema"): per row the one of <c>protocol</c>, <c>metaData</c>, <c>add</c>, <c>remove</c>,
    /// <c>txn</c>, <c>sidecar</c> that is not null; other columns are skipped. The easiest way is a row as JSON (DuckDB's <c>to_json</c>) through
    /// <see cref="LogEntry.Parse"/>, which reads the members the same way; maps must then be JSON objects. Statistics only in <c>stats_parsed</c> may be left out.
    /// </summary>
    /// <param name="localFile">The file on this machine.</param>
    /// <param name="key">Its key, for messages.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UserError">It is not a checkpoint.</exception>
    Task<IReadOnlyList<DeltaAction>> ReadAsync(string localFile, string key, CancellationToken cancel);
}

/// <summary>A file of a V2 checkpoint that holds a part of its actions (Delta protocol, "Sidecar File Information").</summary>
/// <param name="Path">The file's name, decoded; a path where it holds a slash.</param>
public sealed record Sidecar(string Path) : DeltaAction
{
    /// <summary>Its path relative to the table's folder.</summary>
    public string RelativePath => "_delta_log/_sidecars/" + Path[(Path.LastIndexOf('/') + 1)..];
}
