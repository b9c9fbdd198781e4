using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Transforms.Checks;

namespace DataSpoc.Contracts.Transforms;

/// <summary>How the rows that a transform gives meet those that are in its table.</summary>
public enum TransformMode
{
    /// <summary>The table is made anew from all rows of its inputs.</summary>
    Overwrite,

    /// <summary>The SELECT sees the rows that its incremental input got since the last run; what it gives is added.</summary>
    Append,

    /// <summary>As <see cref="Append"/>, and rows of the same key are replaced.</summary>
    Merge,

    /// <summary>The SELECT sees the days of its incremental input that changed since the last run, whole; what it gives replaces these days.</summary>
    OverwritePartition,
}

/// <summary>A table made by a SELECT.</summary>
/// <param name="Location">The table it makes.</param>
/// <param name="Sql">One SELECT in DuckDB's SQL over tables of the bucket: <c>raw.shop_orders</c>, <c>curated.sales_orders</c>.</param>
/// <param name="File">Where it is written, for messages.</param>
public sealed record Transform(TableLocation Location, string Sql, string File)
{
    /// <summary>How its rows meet those that are there (header <c>-- mode: merge</c>).</summary>
    public TransformMode Mode { get; init; }

    /// <summary>The columns that identify a row (header <c>-- key: a, b</c>).</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>Of several rows with one key, the one with the greatest value here is kept (header <c>-- deduplicate: updated_at</c>); null: nothing is deduplicated.</summary>
    public string? Deduplicate { get; init; }

    /// <summary>The input of which only what is new is read (header <c>-- incremental: raw.shop_orders</c>); null: its only input.</summary>
    public TableName? Incremental { get; init; }

    /// <summary>The column whose day a row is filed under (header <c>-- partition: placed_at</c>); null: the column <c>dt</c> where there is one, else the day of the run in curated, and none in gold.</summary>
    public string? Partition { get; init; }

    /// <summary>What holds for its rows (a header line <c>-- check: not_null(id)</c> each).</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>Whether a statement <c>CREATE TABLE name AS</c> gives the table a name that others may use bare.</summary>
    public bool IsNamed { get; init; }
}
