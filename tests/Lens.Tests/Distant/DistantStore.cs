using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;

namespace Lens.Tests.Distant;

/// <summary>A bucket in a folder as if it were far away: nothing is read but through requests, which are counted.</summary>
internal sealed class DistantStore(IObjectStore inner) : IObjectStore
{
    private long _bytes;
    private int _requests;
    private int _others;

    public BucketUri Bucket => inner.Bucket;

    /// <summary>Bytes of data files that were sent.</summary>
    public long Bytes => _bytes;

    /// <summary>Requests for data files.</summary>
    public int Requests => _requests;

    /// <summary>What a request for data waits for; told the key.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Requests for anything else: documents, log entries, listings.</summary>
    public int OtherRequests => _others;

    public void Forget() => (_bytes, _requests, _others) = (0, 0, 0);

    public async Task<int> ReadAsync(string key, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancel)
    {
        if (Before is { } before)
            await before(key);
        var read = await inner.ReadAsync(key, offset, destination, ifMatch, cancel);
        Interlocked.Add(ref _bytes, read);
        Interlocked.Increment(ref _requests);
        return read;
    }

    public string? LocalPath(string key) => null;

    public Task<ObjectMetadata?> HeadAsync(string key, CancellationToken cancel) => Counted().HeadAsync(key, cancel);

    public Task<ObjectContent?> GetAsync(string key, CancellationToken cancel) => Counted().GetAsync(key, cancel);

    public Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel) => inner.PutAsync(key, content, condition, cancel);

    public IAsyncEnumerable<ObjectMetadata> ListAsync(string prefix, string? startAfter, CancellationToken cancel) => Counted().ListAsync(prefix, startAfter, cancel);

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancel) => inner.DeleteAsync(keys, cancel);

    public string ScratchFolder(string runId) => inner.ScratchFolder(runId);

    public Task<StagedObject> StageAsync(string key, string runId, string localFile, CancellationToken cancel) => inner.StageAsync(key, runId, localFile, cancel);

    public Task PublishAsync(StagedObject staged, CancellationToken cancel) => inner.PublishAsync(staged, cancel);

    public Task AbandonAsync(StagedObject staged, CancellationToken cancel) => inner.AbandonAsync(staged, cancel);

    public IAsyncEnumerable<(StagedObject Staged, DateTimeOffset Begun)> ListStagedAsync(CancellationToken cancel) => inner.ListStagedAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IObjectStore Counted()
    {
        Interlocked.Increment(ref _others);
        return inner;
    }
}
