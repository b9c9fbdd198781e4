namespace DataSpoc.Contracts.DuckDb.Parquet;

/// <summary>A column of values in a Parquet file, in the order of the file's schema.</summary>
/// <param name="Path">The names from the top-level column down.</param>
/// <param name="Type">The values' type.</param>
/// <param name="Repeated">Whether it is inside a list or a map, so that it has no one value per row.</param>
internal sealed record LeafColumn(IReadOnlyList<string> Path, LogicalType Type, bool Repeated)
{
    internal static IReadOnlyList<LeafColumn> Of(IEnumerable<ParquetColumn> columns) =>
        [.. columns.SelectMany(c => Below([c.Name], c.Type, repeated: false))];

    private static IEnumerable<LeafColumn> Below(string[] path, LogicalType type, bool repeated) =>
        type.IsNested
            ? type.Fields.SelectMany(f => Below([.. path, f.Name], f.Type, repeated || type.Kind != LogicalKind.Struct))
            : [new(path, type, repeated)];
}
