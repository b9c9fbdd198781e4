using DataSpoc.Contracts.DuckDb.Catalog;

namespace DataSpoc.Lens.Catalog;

/// <summary>A table that a query names.</summary>
/// <param name="Written">As the query names it.</param>
/// <param name="Bucket">Where it is.</param>
/// <param name="Table">Which it is.</param>
internal sealed record ResolvedTable(TableName Written, NamedBucket Bucket, CatalogTable Table)
{
    /// <summary>The view's name in its schema: the table's own, or the other one it was called by.</summary>
    public string ViewName => Written.Schema is null || Written.Name.Equals(Table.Name, StringComparison.OrdinalIgnoreCase) ? Table.Name : Written.Name;

    /// <summary>The view with all three parts of its name.</summary>
    public TableName View => new(Bucket.Name, Table.Schema, ViewName);
}
