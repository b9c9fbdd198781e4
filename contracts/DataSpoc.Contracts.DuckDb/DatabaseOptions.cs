namespace DataSpoc.Contracts.DuckDb;

/// <summary>How a database in memory is opened. Installing and loading of extensions is always off, and the time zone is always UTC.</summary>
public sealed record DatabaseOptions
{
    /// <summary>What DuckDB may hold in memory before it writes to <see cref="TempDirectory"/>, for example <c>2GB</c>; null: 80 % of the machine.</summary>
    public string? MemoryLimit { get; init; }

    /// <summary>Threads that work on a query, the caller's included; null: one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>Where a query that exceeds memory keeps its rest; null: nowhere, and such a query fails.</summary>
    public string? TempDirectory { get; init; }

    /// <summary>
    /// Whether rows keep the order of their source. Off needs less memory for large results, lets more threads write one file, and bounds a row group
    /// by its bytes (<see cref="ParquetWriteOptions.RowGroupBytes"/>): right for writing from a <see cref="ChunkChannel"/>, whose rows keep their order in any case.
    /// </summary>
    public bool PreserveOrder { get; init; } = true;

    /// <summary>Further settings of DuckDB by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
