using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Lens.Catalog;

/// <summary>A bucket under the name it has in SQL.</summary>
/// <param name="name">The database's name.</param>
/// <param name="store">The bucket, not touched yet.</param>
internal sealed class NamedBucket(string name, IObjectStore store)
{
    private Task<BucketCatalog>? _catalog;

    public string Name => name;

    public IObjectStore Store => store;

    /// <summary>The bucket's tables; its manifests are read when they are first asked for.</summary>
    public Task<BucketCatalog> CatalogAsync(CancellationToken cancel) => _catalog ??= BucketCatalog.ReadAsync(store, cancel);

    /// <summary>Makes sure that there is such a bucket, for queries that name no table of it.</summary>
    /// <exception cref="Contracts.UserError">There is none.</exception>
    public Task EnsureExistsAsync(CancellationToken cancel) =>
        store.Bucket.Scheme == "file" && Directory.Exists(store.Bucket.Path) ? Task.CompletedTask : CatalogAsync(cancel);

    /// <summary>Begins to read the manifests while something else is done.</summary>
    public void Prefetch(CancellationToken cancel) => _catalog ??= Task.Run(() => BucketCatalog.ReadAsync(store, cancel), cancel);
}
