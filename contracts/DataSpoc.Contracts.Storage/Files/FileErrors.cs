namespace DataSpoc.Contracts.Storage.Files;

/// <summary>Turns what the file system says into what a person can act on.</summary>
internal static class FileErrors
{
    /// <summary>Whether an exception comes from the file system, and not from a bug or a cancellation.</summary>
    public static bool IsFromFileSystem(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <param name="error">An exception for which <see cref="IsFromFileSystem"/> holds.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="action">What was tried: <c>read</c>, <c>write</c>, <c>list</c>, <c>delete</c>.</param>
    /// <param name="key">The key or prefix.</param>
    public static UserError Explain(Exception error, BucketUri bucket, string action, string key)
    {
        (string, string)[] where = [("bucket", bucket.ToString()), ("action", action), ("key", key)];
        return Number(error) switch
        {
            Posix.EACCES or Posix.EPERM => new($"not permitted to {action} `{key}` in `{bucket}`", error)
            {
                Where = where,
                ExitCode = ExitCode.NotPermitted,
                Hint = $"the user `{Environment.UserName}` lacks the permission on the bucket's folder; ask its owner, or see `ls -l {bucket.Path}`",
            },
            Posix.EROFS => new($"not permitted to {action} `{key}`: `{bucket}` lies on a read-only file system", error)
            {
                Where = where,
                ExitCode = ExitCode.NotPermitted,
            },
            Posix.ENOSPC or Posix.EDQUOT => new($"no space left on the disk of `{bucket}` to {action} `{key}`", error)
            {
                Where = where,
                Hint = $"free some space (`df -h {bucket.Path}`) and run again; nothing of this write was kept",
            },
            Posix.ENAMETOOLONG => new($"`{key}` is too long for the file system of `{bucket}`", error) { Where = where },
            Posix.ENOTDIR or Posix.EEXIST => new($"cannot {action} `{key}` in `{bucket}`: a file is where a folder is needed", error)
            {
                Where = where,
                Hint = "move the file away; a bucket's folders are named by its layout",
            },
            Posix.EISDIR => new($"cannot {action} `{key}` in `{bucket}`: a folder has that name", error) { Where = where },
            _ => new($"cannot {action} `{key}` in `{bucket}`: {error.Message}", error) { Where = where },
        };
    }

    public static UserError NoSuchBucket(BucketUri bucket) => new($"bucket `{bucket}` does not exist")
    {
        Where = [("bucket", bucket.ToString())],
        Hint = "check the path; the first `pipe ingest` into a bucket makes its folder",
    };

    public static UserError NotAFolder(BucketUri bucket) => new($"bucket `{bucket}` is not a folder")
    {
        Where = [("bucket", bucket.ToString())],
        Hint = "a bucket is a folder; name the folder that holds `.dataspoc`",
    };

    public static UserError LinkRefused(BucketUri bucket, string key) => new($"`{key}` in `{bucket}` is a symbolic link, which could leave the bucket")
    {
        Where = [("bucket", bucket.ToString()), ("key", key)],
        Hint = "a bucket holds plain files and folders; to use another disk, mount it there (`mount --bind`)",
    };

    private static int Number(Exception error) => error switch
    {
        PathTooLongException => Posix.ENAMETOOLONG,
        // .NET hides the number in the inner exception; reading it keeps EISDIR apart from EACCES
        UnauthorizedAccessException { InnerException: IOException inner } => inner.HResult,
        UnauthorizedAccessException => Posix.EACCES,
        _ => error.HResult,
    };
}
