namespace DataSpoc.Contracts.Storage;

/// <summary>What is said of a staged object that cannot be published.</summary>
internal static class StagedObjectLost
{
    public static UserError Error(BucketUri bucket, StagedObject staged, Exception? inner = null) =>
        new($"`{staged.Key}` is neither staged nor published in `{bucket}`", new Mark(inner))
        {
            Where = Where(bucket, staged),
            Hint = "something removed a run's staged files before it had finished (a lifecycle rule for incomplete uploads, a cleaned folder); run the pipeline again with `--retry`",
        };

    public static UserError Foreign(BucketUri bucket, StagedObject staged) =>
        new($"`{staged.Key}` was not staged by `{bucket}`")
        {
            Where = Where(bucket, staged),
            Hint = "the commit record names another kind of bucket: was it copied here while a run was committing?",
        };

    /// <summary>Whether that is what an error says.</summary>
    public static bool IsSaidBy(UserError error) => error.InnerException is Mark;

    private static (string, string)[] Where(BucketUri bucket, StagedObject staged) =>
        [("bucket", bucket.ToString()), ("key", staged.Key), ("staged as", staged.StagedAs ?? staged.UploadId ?? "")];

    private sealed class Mark(Exception? inner) : Exception(inner?.Message, inner);
}
