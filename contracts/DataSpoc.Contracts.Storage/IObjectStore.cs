namespace DataSpoc.Contracts.Storage;

/// <summary>
/// One bucket: the only seam between the suite and the place where bytes live.
/// Keys are relative to the bucket's root, with <c>/</c> between segments, never starting with one.
/// Every member throws <see cref="UserError"/> with <see cref="ExitCode.NotPermitted"/> where the bucket's IAM refuses
/// (naming bucket, action and key) and with <see cref="ExitCode.Failed"/> where the bucket does not exist or cannot be reached.
/// </summary>
public interface IObjectStore : IAsyncDisposable
{
    /// <summary>The bucket as the user wrote it, for example <c>file:///data/lake</c> or <c>s3://company-bronze</c>.</summary>
    BucketUri Bucket { get; }

    /// <summary>Who asks, as far as the bucket's IAM tells people apart: an access key. What is kept of one is not for another. Empty where there are no credentials.</summary>
    Task<string> ReaderAsync(CancellationToken cancel) => Task.FromResult("");

    /// <summary>The object's size, ETag and time, or null where there is none.</summary>
    Task<ObjectMetadata?> HeadAsync(string key, CancellationToken cancel);

    /// <summary>A whole small object (a document or a log entry, not a data file), or null where there is none.</summary>
    Task<ObjectContent?> GetAsync(string key, CancellationToken cancel);

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on; returns the bytes read (less only at the object's end).</summary>
    /// <exception cref="UserError">The object is gone or has changed since <paramref name="ifMatch"/>.</exception>
    Task<int> ReadAsync(string key, long offset, Memory<byte> destination, string? ifMatch, CancellationToken cancel);

    /// <summary>Writes a small object, atomically, if the condition holds.</summary>
    /// <returns>The new ETag, or null where the condition did not hold and nothing was written.
    /// A retry inside the store may answer null to a write of its own that landed: callers read back and decide.</returns>
    Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel);

    /// <summary>Every object below <paramref name="prefix"/> in ordinal key order, from the first key greater than <paramref name="startAfter"/>.</summary>
    IAsyncEnumerable<ObjectMetadata> ListAsync(string prefix, string? startAfter, CancellationToken cancel);

    /// <summary>Deletes; an object that is not there is deleted already.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancel);

    /// <summary>
    /// A local folder, made on first use, in which the files that this run will stage are best written:
    /// for <c>file://</c> inside the bucket (<c>.dataspoc/staging/&lt;run id&gt;</c>), so that staging costs nothing.
    /// </summary>
    string ScratchFolder(string runId);

    /// <summary>
    /// Brings a local file's bytes to the store, invisible to every reader, and takes the file away.
    /// The result holds all that <see cref="PublishAsync"/> needs, in any process.
    /// </summary>
    Task<StagedObject> StageAsync(string key, string runId, string localFile, CancellationToken cancel);

    /// <summary>Makes a staged object visible under its key. Published already is fine.</summary>
    /// <exception cref="UserError">Neither staged bytes nor the published object are there.</exception>
    Task PublishAsync(StagedObject staged, CancellationToken cancel);

    /// <summary>Discards a staged object and its bytes. Discarded already is fine; an object published before stays.</summary>
    Task AbandonAsync(StagedObject staged, CancellationToken cancel);

    /// <summary>Staged objects that were neither published nor abandoned, with the time they were begun.</summary>
    IAsyncEnumerable<(StagedObject Staged, DateTimeOffset Begun)> ListStagedAsync(CancellationToken cancel);

    /// <summary>The path under which this machine can read the object directly, or null where it has to be downloaded.</summary>
    string? LocalPath(string key);
}

/// <summary>An object as listed.</summary>
/// <param name="Key">Relative to the bucket's root.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Opaque, without quotes; changes whenever the content does.</param>
/// <param name="LastModified">UTC.</param>
public sealed record ObjectMetadata(string Key, long Size, string ETag, DateTimeOffset LastModified);

/// <summary>A whole small object.</summary>
public sealed record ObjectContent(ObjectMetadata Metadata, ReadOnlyMemory<byte> Bytes);

/// <summary>When a write may happen.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(bool ifAbsent, string? ifMatch) => (IfAbsent, IfMatch) = (ifAbsent, ifMatch);

    /// <summary>Always.</summary>
    public static WriteCondition None => default;

    /// <summary>Only where no object has the key.</summary>
    public static WriteCondition Absent => new(true, null);

    /// <summary>Only where the object still has this ETag.</summary>
    public static WriteCondition Matches(string etag) => new(false, etag);

    /// <summary>From an ETag that was read, or null where nothing was there.</summary>
    public static WriteCondition Unchanged(string? etag) => etag is null ? Absent : Matches(etag);

    /// <summary>Whether the key must be free.</summary>
    public bool IfAbsent { get; }

    /// <summary>The ETag that must still stand, or null.</summary>
    public string? IfMatch { get; }
}
