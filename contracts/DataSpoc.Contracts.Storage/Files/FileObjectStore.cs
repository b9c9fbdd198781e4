using System.Runtime.CompilerServices;

namespace DataSpoc.Contracts.Storage.Files;

/// <summary>
/// A bucket that is a folder of this machine. Every write is atomic and on the disk when the call returns; conditions hold
/// among all processes of the machine. The work is system calls, so it is moved off the caller's thread.
/// </summary>
internal sealed class FileObjectStore : IObjectStore
{
    private const int StepSize = 256;

    private readonly BucketFolder folder;
    private readonly FileDocuments documents;
    private readonly FileStaging staging;

    public FileObjectStore(BucketUri bucket, ObjectStoreOptions options)
    {
        folder = new(bucket, options.MayBeNew);
        documents = new(folder, options.Time);
        staging = new(folder, options.Time);
    }

    /// <inheritdoc/>
    public BucketUri Bucket => folder.Bucket;

    /// <inheritdoc/>
    public Task<ObjectMetadata?> HeadAsync(string key, CancellationToken cancel) =>
        HereAsync("read", key, () => folder.Find(key)?.Status.As(key), cancel);

    /// <inheritdoc/>
    public Task<ObjectContent?> GetAsync(string key, CancellationToken cancel) =>
        HereAsync("read", key, () => documents.Get(key), cancel);

    /// <inheritdoc/>
    public Task<int> ReadAsync(string key, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancel) =>
        RunAsync("read", key, () => documents.Read(key, offset, destination.Span, ifMatch), cancel);

    /// <inheritdoc/>
    public Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel) =>
        ExplainAsync("write", key, () => Task.Run(() => documents.PutAsync(key, content, condition, cancel), cancel));

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectMetadata> ListAsync(string prefix, string? startAfter, CancellationToken cancel)
    {
        var objects = new FileListing(folder).Below(ObjectKey.CheckedPrefix(prefix, Bucket), startAfter);
        return StreamAsync(objects, prefix, cancel);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
            await ExplainAsync("delete", key, () => Task.Run(() => documents.DeleteAsync(key, cancel), cancel));
    }

    /// <inheritdoc/>
    public string ScratchFolder(string runId)
    {
        try
        {
            return staging.Scratch(runId);
        }
        catch (Exception error) when (FileErrors.IsFromFileSystem(error))
        {
            throw FileErrors.Explain(error, Bucket, "write", BucketFolder.Staging + runId);
        }
    }

    /// <inheritdoc/>
    public Task<StagedObject> StageAsync(string key, string runId, string localFile, CancellationToken cancel) =>
        RunAsync("write", key, () => staging.Stage(key, runId, localFile), cancel);

    /// <inheritdoc/>
    public Task PublishAsync(StagedObject staged, CancellationToken cancel) =>
        RunAsync("write", staged.Key, () => staging.Publish(staged), cancel);

    /// <inheritdoc/>
    public Task AbandonAsync(StagedObject staged, CancellationToken cancel) =>
        RunAsync("delete", staged.StagedAs ?? staged.Key, () => staging.Abandon(staged), cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<(StagedObject Staged, DateTimeOffset Begun)> ListStagedAsync(CancellationToken cancel) =>
        StreamAsync(staging.List(), BucketFolder.Staging, cancel);

    /// <inheritdoc/>
    public string? LocalPath(string key)
    {
        try
        {
            return folder.ForWriting(key);
        }
        catch (Exception error) when (FileErrors.IsFromFileSystem(error))
        {
            throw FileErrors.Explain(error, Bucket, "read", key);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<bool> RunAsync(string action, string key, Action work, CancellationToken cancel) =>
        RunAsync(action, key, () => { work(); return true; }, cancel);

    private Task<T> RunAsync<T>(string action, string key, Func<T> work, CancellationToken cancel) =>
        ExplainAsync(action, key, () => Task.Run(work, cancel));

    // short and from the page cache: a hop to another thread would take longer, and every await above it would suspend
    private Task<T> HereAsync<T>(string action, string key, Func<T> work, CancellationToken cancel) =>
        ExplainAsync(action, key, () => cancel.IsCancellationRequested ? Task.FromCanceled<T>(cancel) : Task.FromResult(work()));

    private async Task<T> ExplainAsync<T>(string action, string key, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (FileErrors.IsFromFileSystem(error))
        {
            throw FileErrors.Explain(error, Bucket, action, key);
        }
    }

    /// <summary>Walks in steps; nothing is read ahead of the caller by more than one step.</summary>
    private async IAsyncEnumerable<T> StreamAsync<T>(IEnumerable<T> walk, string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var steps = walk.Chunk(StepSize).GetEnumerator();
        while (await HereAsync("list", prefix, steps.MoveNext, cancel))
        {
            foreach (var found in steps.Current)
                yield return found;
        }
    }
}
