using DataSpoc.Contracts.Delta;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Type">As DuckDB reads it.</param>
public sealed record ParquetColumn(string Name, LogicalType Type);

/// <summary>A local Parquet file as its footer describes it.</summary>
/// <param name="Path">The local path.</param>
/// <param name="Rows">All rows.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Columns">The top-level columns in their order.</param>
/// <param name="Statistics">Rows, and per column bounds and nulls as far as the footer tells them soundly.</param>
public sealed record ParquetFile(string Path, long Rows, long Bytes, IReadOnlyList<ParquetColumn> Columns, FileStatistics Statistics)
{
    /// <summary>The columns as a table's schema (<see cref="StorageTypes"/>).</summary>
    public DeltaSchema Schema => StorageTypes.ToDelta(Columns.Select(c => (c.Name, c.Type)));
}
