namespace DataSpoc.Contracts.Storage.Files;

/// <summary>What lies under a name in the file system.</summary>
/// <param name="Kind">File, folder, link or something else.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Inode">The file's number within its file system.</param>
/// <param name="Modified">Nanoseconds since 1970.</param>
internal readonly record struct FileStatus(FileKind Kind, long Size, ulong Inode, long Modified)
{
    private const int TypeMask = 0xF000, FolderType = 0x4000, FileType = 0x8000, LinkType = 0xA000;

    /// <summary>
    /// Changes whenever the content does. Every write makes a new file and sets its time from a clock finer than the
    /// file system's tick, and later than the time of the file it replaces: neither a rewrite of the same size within one tick
    /// nor an inode number used again gives an old ETag back.
    /// </summary>
    public string ETag => $"{Modified:x}-{Size:x}-{Inode:x}";

    /// <summary>The modification time, UTC, to .NET's 100 ns.</summary>
    public DateTimeOffset LastModified => DateTimeOffset.UnixEpoch.AddTicks(Modified / 100);

    public ObjectMetadata As(string key) => new(key, Size, ETag, LastModified);

    public static FileStatus From(in Posix.RawStatus raw) => new(
        (raw.Mode & TypeMask) switch
        {
            FileType => FileKind.File,
            FolderType => FileKind.Folder,
            LinkType => FileKind.Link,
            _ => FileKind.Other,
        },
        (long)raw.Size,
        raw.Inode,
        (raw.ModifiedSeconds * 1_000_000_000) + raw.ModifiedNanoseconds);
}

/// <summary>What a name in the file system stands for.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,

    /// <summary>A device, a socket, a pipe.</summary>
    Other,
}
