namespace DataSpoc.Lens.Catalog;

/// <summary>The buckets that a query may read.</summary>
/// <param name="Buckets">Their names differ.</param>
/// <param name="Default">The name of the one that <c>raw.orders</c> is looked for in; null: in all.</param>
internal sealed record BucketSet(IReadOnlyList<NamedBucket> Buckets, string? Default) : IAsyncDisposable
{
    /// <summary>Those that a name without bucket is looked for in.</summary>
    public IReadOnlyList<NamedBucket> Preferred => Default is null ? Buckets : [.. Buckets.Where(bucket => bucket.Name == Default)];

    /// <summary>The bucket of that name, without regard to case, or null.</summary>
    public NamedBucket? Find(string name) => Buckets.FirstOrDefault(bucket => bucket.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public async ValueTask DisposeAsync()
    {
        foreach (var bucket in Buckets)
            await bucket.Store.DisposeAsync();
    }
}
