using System.Collections.Concurrent;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>
/// A bucket of AWS, MinIO, Ceph, R2 or another server of the S3 protocol that knows conditional writes. Nothing is opened
/// before the first call.
/// </summary>
internal sealed class S3ObjectStore : IObjectStore
{
    private readonly S3Client client;
    private readonly S3Objects objects;
    private readonly S3Staging staging;
    private readonly TransferLimits limits;
    private readonly ConcurrentDictionary<string, Lazy<TemporaryFolder>> scratch = new();

    public S3ObjectStore(BucketUri bucket, S3StoreOptions options)
    {
        client = new(bucket, options);
        objects = new(client);
        limits = options.Transfers;
        staging = new(client, objects, limits);
    }

    /// <inheritdoc/>
    public BucketUri Bucket => client.Bucket;

    /// <inheritdoc/>
    public Task<string> ReaderAsync(CancellationToken cancel) => client.AccessKeyAsync();

    /// <inheritdoc/>
    public Task<ObjectMetadata?> HeadAsync(string key, CancellationToken cancel) => objects.HeadAsync(Checked(key), cancel);

    /// <inheritdoc/>
    public Task<ObjectContent?> GetAsync(string key, CancellationToken cancel) => objects.GetAsync(Checked(key), cancel);

    /// <inheritdoc/>
    public Task<int> ReadAsync(string key, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancel) =>
        objects.ReadAsync(Checked(key), offset, destination, ifMatch, cancel);

    /// <inheritdoc/>
    public Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel) =>
        objects.PutAsync(Checked(key), content, condition, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectMetadata> ListAsync(string prefix, string? startAfter, CancellationToken cancel) =>
        S3Listing.Below(client, ObjectKey.CheckedPrefix(prefix, Bucket), startAfter, cancel);

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
            Checked(key);
        return S3Deletion.DeleteAsync(client, keys, limits, cancel);
    }

    /// <inheritdoc/>
    public string ScratchFolder(string runId) =>
        scratch.GetOrAdd(runId, id => new(() => new TemporaryFolder(id))).Value.Path;

    /// <inheritdoc/>
    public Task<StagedObject> StageAsync(string key, string runId, string localFile, CancellationToken cancel) =>
        staging.StageAsync(Checked(key), localFile, cancel);

    /// <inheritdoc/>
    public Task PublishAsync(StagedObject staged, CancellationToken cancel) => staging.PublishAsync(staged, cancel);

    /// <inheritdoc/>
    public Task AbandonAsync(StagedObject staged, CancellationToken cancel) => staging.AbandonAsync(staged, cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<(StagedObject Staged, DateTimeOffset Begun)> ListStagedAsync(CancellationToken cancel) => staging.ListAsync(cancel);

    /// <inheritdoc/>
    public string? LocalPath(string key) => null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        foreach (var folder in scratch.Values)
            folder.Value.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Checked(string key) => ObjectKey.Checked(key, Bucket);
}
