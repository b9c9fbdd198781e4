using DataSpoc.Contracts;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>Reads the buckets that a plan needs: the declared ones, and those whose tag names the lake.</summary>
internal static class LakeReader
{
    /// <exception cref="UserError">A declared bucket belongs to another lake or to somebody else, or the server refuses.</exception>
    public static async Task<IReadOnlyList<ActualBucket>> ReadAsync(DeclaredLake lake, IBucketAdministration admin, CancellationToken cancel)
    {
        var buckets = new List<ActualBucket>();
        foreach (var declared in lake.Buckets)
        {
            if (await admin.ReadAsync(declared.Name, count: false, cancel) is not { } bucket)
                continue;
            if (bucket.Lake is { } other && other != lake.Name)
                throw new UserError($"bucket `{bucket.Name}` belongs to the lake `{other}`, not to `{lake.Name}`")
                {
                    Where = [("bucket", $"s3://{bucket.Name}"), ("tag", $"{S3BucketAdministration.LakeTag} = {other}")],
                    Hint = "take it out of one of the two files; to move it, remove the tag first",
                    ExitCode = ExitCode.Refused,
                };
            buckets.Add(bucket);
        }
        foreach (var name in (await admin.BucketsOfAsync(lake.Name, cancel)).Except(lake.Buckets.Select(static bucket => bucket.Name)))
        {
            if (await admin.ReadAsync(name, count: true, cancel) is { } bucket)
                buckets.Add(bucket);
        }
        return buckets;
    }
}
