using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Contracts.Transforms;

/// <summary>Where the tables are that transforms read.</summary>
/// <param name="own">The bucket whose tables are named without it, and which the transforms write.</param>
/// <param name="others">Further buckets by their names in SQL.</param>
public sealed class TransformTables(BucketCatalog own, IReadOnlyDictionary<string, BucketCatalog>? others = null)
{
    /// <summary>The bucket that the transforms write.</summary>
    public IObjectStore Store => own.Store;

    /// <summary>The table of a name: in full, or bare where one table alone is called so; null where there is none.</summary>
    /// <exception cref="UserError">Several tables may be meant, or the bucket may not be read.</exception>
    public async Task<(IObjectStore Store, CatalogTable Table)?> FindAsync(TableName name, CancellationToken cancel)
    {
        var catalog = name.Bucket is not { } bucket ? own : others?.FirstOrDefault(other => other.Key.Equals(bucket, StringComparison.OrdinalIgnoreCase)).Value;
        if (catalog is null)
            return null;
        if (name.Schema is { } schema)
            return await catalog.FindAsync(schema, name.Name, cancel) is { } table ? (catalog.Store, table) : null;
        return await catalog.FindByNameAsync(name.Name, cancel) switch
        {
            [] => null,
            [var only] => (catalog.Store, only),
            var several => throw BucketCatalog.Ambiguous(several.Select(table => table.ToString()), name.ToString()),
        };
    }
}
