using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Transforms;

/// <summary>A table as a transform of a plan would leave it: rows in the database of the plan, none in the bucket.</summary>
/// <param name="Rows">All its rows: a table's name in SQL.</param>
/// <param name="NewRows">The rows that would be added; null where rows would be replaced.</param>
/// <param name="Days">The days that would be replaced; null where all would be.</param>
internal sealed record PlannedTable(string Rows, string? NewRows, IReadOnlySet<string>? Days)
{
    public string All => $"SELECT * FROM {Rows}";

    /// <summary>How much of it a transform behind it would read.</summary>
    public TransformScope Scope(TransformMode mode, string input) => mode == TransformMode.OverwritePartition
        ? Days is { } days ? new TransformScope.Days(days, input) : new TransformScope.Everything($"`{input}` would be made anew")
        : NewRows is not null ? new TransformScope.Files(new HashSet<string>(), input) { Reads = $"the new rows of `{input}`" } : new TransformScope.Everything($"rows of `{input}` would be replaced");

    /// <summary>The rows of a scope.</summary>
    public string Read(TransformScope scope) => scope switch
    {
        TransformScope.Files => $"SELECT * FROM {NewRows}",
        TransformScope.Days days => $"{All} WHERE CAST({DataFileName.PartitionColumn} AS VARCHAR) IN ({string.Join(", ", days.Values.Select(Sql.Literal).DefaultIfEmpty("NULL"))})",
        _ => All,
    };
}
