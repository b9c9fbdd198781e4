namespace DataSpoc.Platform.Access;

/// <summary>The actions of S3 that stand for ours.</summary>
internal static class S3Actions
{
    public const string ListBucket = "s3:ListBucket", ListUploads = "s3:ListBucketMultipartUploads";

    private static readonly (Actions Action, string[] Names)[] OnObjects =
    [
        (Actions.Read, ["s3:GetObject"]),
        (Actions.Write, ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]),
        (Actions.Delete, ["s3:DeleteObject"]),
    ];

    /// <summary>The names of those that concern objects.</summary>
    public static IEnumerable<string> NamesOnObjects(Actions actions) => OnObjects.Where(pair => (actions & pair.Action) != 0).SelectMany(static pair => pair.Names);

    /// <summary>Our actions of exactly these names, or null where they are more or less than ours.</summary>
    public static Actions? OfObjects(IReadOnlyCollection<string> names)
    {
        var actions = OnObjects.Where(pair => pair.Names.All(names.Contains)).Aggregate(Actions.None, static (all, pair) => all | pair.Action);
        return actions != Actions.None && names.ToHashSet(StringComparer.Ordinal).SetEquals(NamesOnObjects(actions)) ? actions : null;
    }
}
