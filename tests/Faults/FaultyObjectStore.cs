using System.Runtime.CompilerServices;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Tests.Faults;

/// <summary>A store with faults: each call goes through its <see cref="FaultInjector"/>.</summary>
internal sealed class FaultyObjectStore(IObjectStore inner, FaultInjector faults) : IObjectStore
{
    public BucketUri Bucket => inner.Bucket;

    public Task<ObjectMetadata?> HeadAsync(string key, CancellationToken cancel) =>
        faults.CallAsync(inner, StoreCall.Head, key, () => inner.HeadAsync(key, cancel), cancel);

    public Task<ObjectContent?> GetAsync(string key, CancellationToken cancel) =>
        faults.CallAsync(inner, StoreCall.Get, key, () => inner.GetAsync(key, cancel), cancel);

    public Task<int> ReadAsync(string key, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancel) =>
        faults.CallAsync(inner, StoreCall.Read, key, () => inner.ReadAsync(key, offset, destination, ifMatch, cancel), cancel);

    public Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel) =>
        faults.CallAsync(inner, StoreCall.Put, key, () => inner.PutAsync(key, content, condition, cancel), cancel);

    public IAsyncEnumerable<ObjectMetadata> ListAsync(string prefix, string? startAfter, CancellationToken cancel) =>
        EnumerateAsync(StoreCall.List, prefix, inner.ListAsync(prefix, startAfter, cancel), cancel);

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancel) =>
        RunAsync(StoreCall.Delete, keys.FirstOrDefault() ?? "", () => inner.DeleteAsync(keys, cancel), cancel);

    public string ScratchFolder(string runId) => inner.ScratchFolder(runId);

    public Task<StagedObject> StageAsync(string key, string runId, string localFile, CancellationToken cancel) =>
        faults.CallAsync(inner, StoreCall.Stage, key, () => inner.StageAsync(key, runId, localFile, cancel), cancel);

    public Task PublishAsync(StagedObject staged, CancellationToken cancel) =>
        RunAsync(StoreCall.Publish, staged.Key, () => inner.PublishAsync(staged, cancel), cancel);

    public Task AbandonAsync(StagedObject staged, CancellationToken cancel) =>
        RunAsync(StoreCall.Abandon, staged.Key, () => inner.AbandonAsync(staged, cancel), cancel);

    public IAsyncEnumerable<(StagedObject Staged, DateTimeOffset Begun)> ListStagedAsync(CancellationToken cancel) =>
        EnumerateAsync(StoreCall.ListStaged, "", inner.ListStagedAsync(cancel), cancel);

    public string? LocalPath(string key) => inner.LocalPath(key);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task<bool> RunAsync(StoreCall kind, string key, Func<Task> call, CancellationToken cancel) =>
        faults.CallAsync(inner, kind, key, async () => { await call(); return true; }, cancel);

    /// <summary>A listing is one call, made when its first page is read.</summary>
    private async IAsyncEnumerable<T> EnumerateAsync<T>(
        StoreCall kind, string key, IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var steps = items.GetAsyncEnumerator(cancel);
        var more = await faults.CallAsync(inner, kind, key, async () => await steps.MoveNextAsync(), cancel);
        for (; more; more = await steps.MoveNextAsync())
            yield return steps.Current;
    }
}
