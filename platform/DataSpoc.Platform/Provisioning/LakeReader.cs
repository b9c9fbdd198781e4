using DataSpoc.Contracts;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>Reads what a plan needs: the declared buckets, those whose tag names the lake, and the users and groups of a server that gives access by their policies.</summary>
internal static class LakeReader
{
    /// <exception cref="UserError">A declared bucket belongs to another lake or to somebody else, or the server refuses.</exception>
    public static async Task<ActualLake> ReadAsync(DeclaredLake lake, LakeServer server, CancellationToken cancel)
    {
        var buckets = await BucketsAsync(lake, server.Buckets, cancel);
        if (server.Accounts is null)
            return new(buckets, []);
        var accounts = await server.Accounts.AccountsAsync(lake.Name, [.. lake.Principals.Values], cancel);
        return new([.. buckets.Select(bucket => bucket with { Policy = PolicyOf(lake, bucket, accounts) })], accounts);
    }

    /// <summary>What holds in a bucket by the policies of users and groups; what its own policy says holds for people without credentials, and nothing of it is from <c>platform.yaml</c>.</summary>
    private static BucketPolicy PolicyOf(DeclaredLake lake, ActualBucket bucket, IReadOnlyList<ActualAccount> accounts)
    {
        var here = accounts.Select(static account => account.Effective).Where(policy => !policy.In(bucket.Name).IsEmpty).ToArray();
        var denying = here.Count(policy => policy.TlsOnly.Contains(bucket.Name));
        var wanted = lake.Buckets.FirstOrDefault(declared => declared.Name == bucket.Name)?.Settings.TlsOnly == true;
        // where only some are denied calls without TLS, it is not as it should be, whatever that is
        return new(new(here.SelectMany(policy => policy.In(bucket.Name).All)), denying > 0 && (denying == here.Length || !wanted), bucket.Policy.AsForeign(bucket.Name).Foreign);
    }

    private static async Task<List<ActualBucket>> BucketsAsync(DeclaredLake lake, IBucketAdministration admin, CancellationToken cancel)
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
