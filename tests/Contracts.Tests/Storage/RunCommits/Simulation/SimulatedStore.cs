using System.Runtime.CompilerServices;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;

namespace Contracts.Tests.Storage.RunCommits.Simulation;

/// <summary>One process's view of the simulated bucket. Every call waits for its turn; a kill may fall before or after its effect.</summary>
internal sealed class SimulatedStore(SimulatedWorld world, string process) : IObjectStore
{
    public BucketUri Bucket { get; } = new("s3", "simulated", "");

    public async Task<ObjectMetadata?> HeadAsync(string key, CancellationToken cancel)
    {
        await world.TurnAsync(process);
        return world.Objects.TryGetValue(key, out var found) ? Metadata(key, found) : null;
    }

    public async Task<ObjectContent?> GetAsync(string key, CancellationToken cancel)
    {
        await world.TurnAsync(process);
        return world.Objects.TryGetValue(key, out var found) ? new(Metadata(key, found), found.Bytes) : null;
    }

    public Task<int> ReadAsync(string key, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancel) => throw new NotSupportedException();

    public async Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        await world.TurnAsync(process);
        var exists = world.Objects.TryGetValue(key, out var found);
        if ((condition.IfAbsent && exists) || (condition.IfMatch is { } etag && (!exists || found.ETag != etag)))
            return null;
        var written = world.NextETag();
        world.Objects[key] = (content.ToArray(), written);
        world.Changed?.Invoke();
        await AnswerAsync();
        return condition != WriteCondition.None && world.Random.NextDouble() < world.LostAnswerChance ? null : written;
    }

    public async IAsyncEnumerable<ObjectMetadata> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancel)
    {
        await world.TurnAsync(process);
        foreach (var (key, found) in world.Objects.ToArray())
            if (key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, startAfter ?? "") > 0)
                yield return Metadata(key, found);
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancel)
    {
        foreach (var key in keys)
        {
            await world.TurnAsync(process);
            world.Objects.Remove(key);
        }
        world.Changed?.Invoke();
        await AnswerAsync();
    }

    public string ScratchFolder(string runId) => throw new NotSupportedException();

    public Task<StagedObject> StageAsync(string key, string runId, string localFile, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Stages bytes as S3 does: an open upload that only its id finds.</summary>
    public async Task<StagedObject> StageAsync(string key, byte[] bytes)
    {
        await world.TurnAsync(process);
        var staged = new StagedObject(key, bytes.Length, $"upload-{world.NextETag()}", ["part"], null);
        world.StagedBytes[staged.UploadId!] = (staged, bytes);
        return staged;
    }

    public async Task PublishAsync(StagedObject staged, CancellationToken cancel)
    {
        await world.TurnAsync(process);
        if (world.StagedBytes.Remove(staged.UploadId!, out var bytes))
            world.Objects[staged.Key] = (bytes.Bytes, world.NextETag());
        else if (!world.Objects.ContainsKey(staged.Key))
            throw new UserError($"neither staged nor published: {staged.Key}");
        world.Changed?.Invoke();
        await AnswerAsync();
    }

    public async Task AbandonAsync(StagedObject staged, CancellationToken cancel)
    {
        await world.TurnAsync(process);
        world.StagedBytes.Remove(staged.UploadId!);
    }

    public IAsyncEnumerable<(StagedObject Staged, DateTimeOffset Begun)> ListStagedAsync(CancellationToken cancel) => throw new NotSupportedException();

    public string? LocalPath(string key) => null;

    public ValueTask DisposeAsync() => default;

    // the answer takes a turn of its own: a kill there is a write that landed and was never known of
    private Task AnswerAsync() => world.TurnAsync(process);

    private static ObjectMetadata Metadata(string key, (byte[] Bytes, string ETag) found) => new(key, found.Bytes.Length, found.ETag, DateTimeOffset.UnixEpoch);
}
