using Microsoft.Win32.SafeHandles;

namespace DataSpoc.Contracts.Storage.Files;

/// <summary>Reads and writes whole objects. A write is a new file, complete and on the disk before it gets its name.</summary>
internal sealed class FileDocuments(BucketFolder folder, TimeProvider time)
{
    // a file that someone edits in place while it is read; after that its writer is not one of ours
    private const int ReadAttempts = 5;

    public ObjectContent? Get(string key)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (folder.Find(key) is not { } found || OpenOrNull(found.Path) is not { } file)
                return null;
            using (file)
            {
                var before = Posix.Status(file);
                var bytes = new byte[checked((int)before.Size)];
                var read = Fill(file, bytes, 0);
                if (Posix.Status(file) == before && read == bytes.Length)
                    return new(before.As(key), bytes);
            }
            if (attempt == ReadAttempts)
                throw new UserError($"`{key}` in `{folder.Bucket}` keeps changing while it is read")
                {
                    Where = [("bucket", folder.Bucket.ToString()), ("key", key)],
                    Hint = "something writes into the file in place; documents are replaced, never edited",
                };
        }
    }

    public int Read(string key, long offset, Span<byte> destination, string? ifMatch)
    {
        if (folder.Find(key) is not { } found || OpenOrNull(found.Path) is not { } file)
            throw ObjectGone.Missing(folder.Bucket, key);
        using (file)
        {
            if (ifMatch is not null && Posix.Status(file).ETag != ifMatch)
                throw ObjectGone.Changed(folder.Bucket, key);
            return Fill(file, destination, offset);
        }
    }

    public async Task<string?> PutAsync(string key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        var path = folder.ForWriting(key);
        // most lost races are seen here, before anything is written
        if (!Holds(condition, Posix.Status(path)))
            return null;
        var draft = Draft(content.Span);
        try
        {
            return condition.IfAbsent
                ? await CreateAsync(key, draft, path, cancel)
                : await ReplaceAsync(key, draft, path, condition, cancel);
        }
        finally
        {
            Posix.Unlink(draft);
        }
    }

    /// <returns>Whether there was something to delete.</returns>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancel)
    {
        if (folder.Find(key) is not { } found)
            return false;
        // under the lock: a compare-and-swap must not bring back what is deleted meanwhile
        using (await BucketLock.TakeAsync(folder, key, time, cancel))
        {
            if (!Posix.Unlink(found.Path))
                return false;
        }
        folder.Prune(found.Path);
        return true;
    }

    private async Task<string?> CreateAsync(string key, string draft, string path, CancellationToken cancel)
    {
        var errno = BucketFolder.Place(draft, path, Posix.Link);
        switch (errno)
        {
            case 0:
                Posix.SyncFolder(Path.GetDirectoryName(path)!);
                return Posix.Status(draft)!.Value.ETag;
            case Posix.EEXIST:
                return Posix.Status(path) is { Kind: FileKind.Folder } ? throw Posix.Failure(Posix.EISDIR, path) : null;
            // a file system without hard links
            case Posix.EPERM or Posix.EOPNOTSUPP or Posix.ENOSYS or Posix.EMLINK:
                return await ReplaceAsync(key, draft, path, WriteCondition.Absent, cancel);
            default:
                throw Posix.Failure(errno, path);
        }
    }

    private async Task<string?> ReplaceAsync(string key, string draft, string path, WriteCondition condition, CancellationToken cancel)
    {
        FileStatus written;
        using (await BucketLock.TakeAsync(folder, key, time, cancel))
        {
            var current = Posix.Status(path);
            if (!Holds(condition, current))
                return null;
            if (current is { } old && Posix.Status(draft)!.Value.Modified <= old.Modified)
                File.SetLastWriteTimeUtc(draft, old.LastModified.UtcDateTime.AddTicks(1));
            written = Posix.Status(draft)!.Value;
            var errno = BucketFolder.Place(draft, path, Posix.Rename);
            if (errno != 0)
                throw Posix.Failure(errno, path);
        }
        Posix.SyncFolder(Path.GetDirectoryName(path)!);
        return written.ETag;
    }

    private string Draft(ReadOnlySpan<byte> content)
    {
        var now = time.GetUtcNow();
        var draft = folder.ForWriting($"{BucketFolder.Staging}put/{Guid.CreateVersion7(now):N}");
        using var file = BucketFolder.InFolderOf(draft, () =>
            File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
        try
        {
            RandomAccess.Write(file, content, 0);
            // finer than the file system's own tick: the ETag rests on it
            File.SetLastWriteTimeUtc(file, now.UtcDateTime);
            RandomAccess.FlushToDisk(file);
            return draft;
        }
        catch
        {
            Posix.Unlink(draft);
            throw;
        }
    }

    private static bool Holds(WriteCondition condition, FileStatus? current) =>
        (!condition.IfAbsent || current is null) && (condition.IfMatch is not { } etag || current?.ETag == etag);

    private static SafeFileHandle? OpenOrNull(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static int Fill(SafeFileHandle file, Span<byte> destination, long offset)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(file, destination[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }
}
