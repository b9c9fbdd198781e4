namespace DataSpoc.Platform.Access;

/// <summary>What a role may do below a prefix.</summary>
[Flags]
internal enum Actions
{
    None = 0,

    /// <summary>Reads objects: <c>s3:GetObject</c>.</summary>
    Read = 1,

    /// <summary>Lists keys: <c>s3:ListBucket</c> with the prefix as condition.</summary>
    List = 2,

    /// <summary>Writes objects, whole or in parts, and gives up parts: <c>s3:PutObject</c>, <c>s3:AbortMultipartUpload</c>, <c>s3:ListMultipartUploadParts</c>.</summary>
    Write = 4,

    /// <summary>Deletes objects: <c>s3:DeleteObject</c>.</summary>
    Delete = 8,

    /// <summary>Sees the uploads that are under way, of the whole bucket, as <c>pipe vacuum</c> must: <c>s3:ListBucketMultipartUploads</c>. S3 cannot narrow it to a prefix.</summary>
    Uploads = 16,
}

/// <summary>How actions are written.</summary>
internal static class ActionWords
{
    /// <summary>The four that have a prefix.</summary>
    public const Actions OnPrefix = Actions.Read | Actions.List | Actions.Write | Actions.Delete;

    private static readonly Actions[] Single = [Actions.Read, Actions.List, Actions.Write, Actions.Delete, Actions.Uploads];

    /// <summary>The single actions of a set, in a fixed order.</summary>
    public static IEnumerable<Actions> Each(this Actions actions) => Single.Where(action => (actions & action) != 0);

    /// <summary><c>read, list</c>.</summary>
    public static string Words(this Actions actions) => string.Join(", ", actions.Each().Select(Word));

    public static string Word(Actions action) => action switch
    {
        Actions.Read => "read",
        Actions.List => "list",
        Actions.Write => "write",
        Actions.Delete => "delete",
        Actions.Uploads => "see uploads",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "not a single action"),
    };
}
