namespace DataSpoc.Contracts.DuckDb;

/// <summary>How a Parquet file is written (CONTRACT section 1: zstd, row groups of 122,880 rows).</summary>
public sealed record ParquetWriteOptions
{
    /// <summary>Rows of a row group; DuckDB reads and writes 122,880 best.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>
    /// A row group also ends once its rows take so many bytes in memory, which keeps memory bounded for long texts. Only where
    /// <see cref="DatabaseOptions.PreserveOrder"/> is off: DuckDB has it no other way. A channel's rows keep their order all the same, since one thread reads them.
    /// </summary>
    public long RowGroupBytes { get; init; } = 128L << 20;

    /// <summary>The file ends after the chunk with which it has this many rows; null: no limit.</summary>
    public long? MaxRows { get; init; }

    /// <summary>The file ends after the row group with which it has about this many bytes; null: no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Whether columns of few values get a Bloom filter per row group, by which a search for one value skips groups. All of them are in memory until the file is whole.</summary>
    public bool BloomFilters { get; init; } = true;
}
