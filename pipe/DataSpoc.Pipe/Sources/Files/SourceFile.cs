namespace DataSpoc.Pipe.Sources.Files;

/// <summary>A file to ingest.</summary>
/// <param name="Uri">As the bookmark names it: an absolute path, or <c>s3://bucket/key</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Version">What changes when its content does: the ETag, or the time of its last change.</param>
/// <param name="Modified">When it was last changed.</param>
/// <param name="LocalPath">Where it is read, or null until it has been fetched.</param>
internal sealed record SourceFile(string Uri, long Size, string Version, DateTimeOffset Modified, string? LocalPath);
