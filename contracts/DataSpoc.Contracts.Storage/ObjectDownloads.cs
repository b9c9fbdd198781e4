using System.Buffers;

namespace DataSpoc.Contracts.Storage;

/// <summary>Brings large objects to this machine.</summary>
public static class ObjectDownloads
{
    /// <summary>
    /// Copies an object to a local file, in ranges of 8 MiB, four at once, so in at most 32 MiB of memory.
    /// The file appears under its name only when it is complete.
    /// </summary>
    /// <param name="store">Any store.</param>
    /// <param name="source">The object as listed or read before; its ETag must still stand.</param>
    /// <param name="localPath">The file to write; its folder must exist.</param>
    /// <param name="cancel">Ends the transfer; what was written is removed.</param>
    /// <exception cref="UserError">The object is gone, has changed, or may not be read; or the file cannot be written.</exception>
    public static Task DownloadAsync(this IObjectStore store, ObjectMetadata source, string localPath, CancellationToken cancel) =>
        DownloadAsync(store, source, localPath, new TransferLimits(), cancel);

    /// <summary>As the other form, of an object of which only key and ETag are known.</summary>
    /// <param name="store">Any store.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="etag">The ETag that must still stand, or null to take what is there.</param>
    /// <param name="localPath">The file to write; its folder must exist.</param>
    /// <param name="cancel">Ends the transfer; what was written is removed.</param>
    /// <returns>What was copied.</returns>
    /// <exception cref="UserError">The object is gone, has changed, or may not be read; or the file cannot be written.</exception>
    public static async Task<ObjectMetadata> DownloadAsync(
        this IObjectStore store, string key, string? etag, string localPath, CancellationToken cancel)
    {
        var source = await store.HeadAsync(key, cancel) ?? throw ObjectGone.Missing(store.Bucket, key);
        if (etag is not null && source.ETag != etag)
            throw ObjectGone.Changed(store.Bucket, key);
        await store.DownloadAsync(source, localPath, cancel);
        return source;
    }

    internal static async Task DownloadAsync(
        this IObjectStore store, ObjectMetadata source, string localPath, TransferLimits limits, CancellationToken cancel)
    {
        var partial = localPath + ".partial";
        try
        {
            using (var file = File.OpenHandle(partial, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous))
            {
                RandomAccess.SetLength(file, source.Size);
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.Parallelism, CancellationToken = cancel };
                await Parallel.ForEachAsync(limits.Pieces(source.Size), parallel, async (piece, stop) =>
                {
                    var buffer = ArrayPool<byte>.Shared.Rent(piece.Length);
                    try
                    {
                        var bytes = buffer.AsMemory(0, piece.Length);
                        if (await store.ReadAsync(source.Key, piece.Offset, bytes, source.ETag, stop) != piece.Length)
                            throw ObjectGone.Changed(store.Bucket, source.Key);
                        await RandomAccess.WriteAsync(file, bytes, piece.Offset, stop);
                    }
                    finally
                    {
                        ArrayPool<byte>.Shared.Return(buffer);
                    }
                });
            }
            File.Move(partial, localPath, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(error, source.Key, localPath);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static UserError Unwritable(Exception error, string key, string localPath) =>
        new($"cannot bring `{key}` to this machine: {error.Message}", error)
        {
            Where = [("file", localPath)],
            Hint = "free some space on that disk, or choose another folder for local copies",
        };
}
