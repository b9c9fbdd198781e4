using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Lens.Catalog;

/// <summary>A bucket under the name it has in SQL.</summary>
/// <param name="name">The database's name.</param>
/// <param name="store">The bucket, not touched yet.</param>
internal sealed class NamedBucket(string name, IObjectStore store)
{
    public string Name => name;

    public IObjectStore Store => store;

    /// <summary>The bucket's tables; its manifests are read when they are first needed.</summary>
    public BucketCatalog Catalog { get; } = new(store);

    /// <summary>Makes sure that there is such a bucket, for queries that name no table of it.</summary>
    /// <exception cref="Contracts.UserError">There is none.</exception>
    public Task EnsureExistsAsync(CancellationToken cancel) =>
        store.Bucket.Scheme == "file" && Directory.Exists(store.Bucket.Path) ? Task.CompletedTask : Catalog.EnsureExistsAsync(cancel);
}
