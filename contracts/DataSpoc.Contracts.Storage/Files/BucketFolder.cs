namespace DataSpoc.Contracts.Storage.Files;

/// <summary>Where keys lie below a bucket's folder. Nothing here follows a symbolic link below that folder.</summary>
internal sealed class BucketFolder(BucketUri bucket, bool mayBeNew)
{
    /// <summary>Files that are being written or staged; never listed as objects.</summary>
    public const string Staging = ".dataspoc/staging/";

    /// <summary>Lock files; never listed as objects.</summary>
    public const string Locks = ".dataspoc/locks/";

    // a writer that meets another's pruning makes the folder again; nobody prunes this often in a row
    private const int FolderAttempts = 100;

    public BucketUri Bucket => bucket;

    public string Root => bucket.Path;

    /// <summary>The path of a valid key; nothing is looked at.</summary>
    public string PathOf(string key) => Root.Length == 1 ? Root + key : $"{Root}/{key}";

    /// <summary>The object's path and status, or null where there is none (a folder of that name is none).</summary>
    public (string Path, FileStatus Status)? Find(string key)
    {
        var path = PathOf(ObjectKey.Checked(key, bucket));
        if (Walk(key) is { Kind: FileKind.File } found)
            return (path, found);
        RequireBucket();
        return null;
    }

    /// <summary>The status of a folder, or null where none has that key.</summary>
    public FileStatus? FindFolder(string key) => Walk(key) is { Kind: FileKind.Folder } found ? found : null;

    /// <summary>The path under which a key is to be written, after a look at every folder on the way.</summary>
    public string ForWriting(string key)
    {
        var path = PathOf(ObjectKey.Checked(key, bucket));
        var there = Walk(key);
        if (there is { Kind: not FileKind.File })
            throw FileErrors.Explain(Posix.Failure(Posix.EISDIR, path), bucket, "write", key);
        if (there is null && Posix.Status(Root) is { Kind: FileKind.File })
            throw FileErrors.NotAFolder(bucket);
        return path;
    }

    /// <summary>Whether the bucket is there; an absent one is fine where it may be new.</summary>
    /// <exception cref="UserError">It is not.</exception>
    public bool RequireBucket()
    {
        if (Directory.Exists(Root))
            return true;
        if (File.Exists(Root))
            throw FileErrors.NotAFolder(bucket);
        // tells an absent folder from one that may not be looked at
        _ = Posix.Status(Root);
        return mayBeNew ? false : throw FileErrors.NoSuchBucket(bucket);
    }

    /// <summary>Does something that needs the folder of a path, making the folder as often as another process prunes it in between.</summary>
    /// <param name="path">A file's path.</param>
    /// <param name="act">Throws <see cref="DirectoryNotFoundException"/> where the folder is not there, or
    /// <see cref="FileNotFoundException"/>, as .NET does where another process has made it again meanwhile.</param>
    public static T InFolderOf<T>(string path, Func<T> act)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return act();
            }
            catch (IOException error) when (error is DirectoryNotFoundException or FileNotFoundException && attempt < FolderAttempts)
            {
                Make(Path.GetDirectoryName(path)!);
            }
        }
    }

    /// <summary>Gives a file another name, in a folder that is made where it is missing.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">The name.</param>
    /// <param name="place">A system call with both that answers 0 or an error number.</param>
    /// <returns>The system call's answer; <see cref="Posix.ENOENT"/> only where the file itself is not there.</returns>
    public static int Place(string source, string target, Func<string, string, int> place) => InFolderOf(target, () =>
    {
        var errno = place(source, target);
        return errno == Posix.ENOENT && Posix.Status(source) is not null ? throw new DirectoryNotFoundException(target) : errno;
    });

    /// <summary>Removes the folders above a file that is gone, as far as they are empty; the bucket's own folder stays.</summary>
    public void Prune(string path)
    {
        for (var folder = Path.GetDirectoryName(path)!; folder.Length > Root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (!Posix.RemoveEmptyFolder(folder))
                return;
        }
    }

    private static void Make(string folder)
    {
        var missing = new Stack<string>();
        for (var at = folder; !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
            missing.Push(at);
        while (missing.TryPop(out var next))
        {
            // pruned above it by another process this very moment: whoever needs the folder comes back
            if (!Posix.MakeFolder(next))
                return;
            Posix.SyncFolder(Path.GetDirectoryName(next)!);
        }
    }

    private FileStatus? Walk(string key)
    {
        for (var slash = key.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = key.IndexOf('/', slash + 1))
        {
            var folder = key[..slash];
            if (Posix.Status(PathOf(folder)) is not { } status)
                return null;
            if (status.Kind == FileKind.Link)
                throw FileErrors.LinkRefused(bucket, folder);
            if (status.Kind != FileKind.Folder)
                return null;
        }
        var last = Posix.Status(PathOf(key));
        return last is { Kind: FileKind.Link } ? throw FileErrors.LinkRefused(bucket, key) : last;
    }
}
