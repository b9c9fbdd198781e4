namespace DataSpoc.Contracts.Storage;

/// <summary>What a reader is told whose object is not the one that was listed.</summary>
internal static class ObjectGone
{
    public static UserError Missing(BucketUri bucket, string key) => new($"`{key}` is not in `{bucket}` any more", new ObjectGoneException(key))
    {
        Where = [("bucket", bucket.ToString()), ("key", key)],
        Hint = "a run that replaced the table may have deleted it meanwhile; run again to read the newest snapshot",
    };

    public static UserError Changed(BucketUri bucket, string key) => new($"`{key}` in `{bucket}` has changed while it was read", new ObjectGoneException(key))
    {
        Where = [("bucket", bucket.ToString()), ("key", key)],
        Hint = "run again to read the newest version",
    };
}
