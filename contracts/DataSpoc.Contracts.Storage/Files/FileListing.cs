using System.IO.Enumeration;

namespace DataSpoc.Contracts.Storage.Files;

/// <summary>Walks a bucket's folders in key order, holding one folder's names at a time per level.</summary>
internal sealed class FileListing(BucketFolder folder)
{
    private static readonly EnumerationOptions s_everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        ReturnSpecialDirectories = false,
    };

    /// <summary>Objects whose key begins with the prefix and comes after <paramref name="startAfter"/>.</summary>
    public IEnumerable<ObjectMetadata> Below(string prefix, string? startAfter)
    {
        if (!folder.RequireBucket())
            yield break;
        var top = ObjectKey.FolderOf(prefix);
        if (top.Length > 0 && folder.FindFolder(top.TrimEnd('/')) is null)
            yield break;
        foreach (var found in Walk(top, prefix, startAfter))
            yield return found;
    }

    private IEnumerable<ObjectMetadata> Walk(string folderKey, string prefix, string? startAfter)
    {
        foreach (var key in Names(folderKey))
        {
            var isFolder = key[^1] == '/';
            if (!Reaches(key, isFolder, prefix, startAfter))
                continue;
            if (isFolder)
            {
                if (IsOwn(key) && !prefix.StartsWith(key, StringComparison.Ordinal))
                    continue;
                foreach (var below in Walk(key, prefix, startAfter))
                    yield return below;
            }
            else if (ObjectKey.IsValid(key) && Posix.Status(folder.PathOf(key)) is { } status)
            {
                if (status.Kind == FileKind.Link)
                    throw FileErrors.LinkRefused(folder.Bucket, key);
                if (status.Kind == FileKind.File)
                    yield return status.As(key);
            }
        }
    }

    /// <summary>The keys of one folder in key order, those of folders with their slash: the slash takes part in the order.</summary>
    private List<string> Names(string folderKey)
    {
        var path = folder.PathOf(folderKey);
        var names = new FileSystemEnumerable<string>(
            path,
            (ref FileSystemEntry entry) => $"{folderKey}{entry.FileName}{(IsPlainFolder(ref entry) ? "/" : "")}",
            s_everything);
        var sorted = new List<string>();
        try
        {
            sorted.AddRange(names);
        }
        catch (DirectoryNotFoundException)
        {
            // pruned since its name was read: an empty folder
            return [];
        }
        sorted.Sort(KeyOrder.Ordinal);
        return sorted;
    }

    private static bool IsPlainFolder(ref FileSystemEntry entry) =>
        entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == 0;

    private static bool Reaches(string key, bool isFolder, string prefix, string? startAfter)
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal) && !(isFolder && prefix.StartsWith(key, StringComparison.Ordinal)))
            return false;
        if (startAfter is null || KeyOrder.Compare(key, startAfter) > 0)
            return true;
        return isFolder && startAfter.StartsWith(key, StringComparison.Ordinal);
    }

    private static bool IsOwn(string folderKey) => folderKey is BucketFolder.Staging or BucketFolder.Locks;
}
