namespace DataSpoc.Contracts;

/// <summary>
/// An object whose bytes are in the store but not visible to any reader yet. It is written into the commit record
/// (CONTRACT section 5), so it holds everything another process needs to publish it.
/// </summary>
/// <param name="Key">The key under which it will be visible.</param>
/// <param name="Size">Bytes.</param>
/// <param name="UploadId">S3: the open multipart upload; null on <c>file://</c>.</param>
/// <param name="Parts">S3: the ETags of parts 1…n, without quotes; empty on <c>file://</c>.</param>
/// <param name="StagedAs">file: the staged file relative to the bucket's root; null on S3.</param>
public sealed record StagedObject(string Key, long Size, string? UploadId, IReadOnlyList<string> Parts, string? StagedAs);
