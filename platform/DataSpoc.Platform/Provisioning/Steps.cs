using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>The server, as steps change it.</summary>
/// <param name="Buckets">Its buckets.</param>
/// <param name="Accounts">Its users and groups, where access is given by policies of theirs; else null.</param>
internal sealed record LakeServer(IBucketAdministration Buckets, IAccountAdministration? Accounts);

/// <summary>One call that changes something.</summary>
/// <param name="About">About which bucket, user or group.</param>
/// <param name="Says">What it does, for people.</param>
/// <param name="Do">Does it; a second time it changes nothing.</param>
internal sealed record Step(string About, string Says, Func<LakeServer, CancellationToken, Task> Do);

/// <summary>
/// The order of an apply. First everything that anybody loses, in every bucket and policy; then the buckets and how they are kept; then what is gained; last what goes
/// altogether. So at no instant has anybody more than the target gives, beside what they had and have not lost yet, and a run that ends in between can be begun again.
/// </summary>
internal static class Steps
{
    public static IReadOnlyList<Step> Of(LakePlan plan, IReadOnlySet<string> mayLoseData)
    {
        var changed = plan.Buckets.Where(static bucket => bucket.Change != BucketChange.None).ToArray();
        return
        [
            .. changed.Where(static bucket => bucket.Actual is not null).SelectMany(bucket => Narrowing(plan.Lake.Server, bucket)),
            .. plan.Accounts.SelectMany(static account => account.Narrowing()),
            .. changed.Where(static bucket => bucket.Declared is not null).SelectMany(bucket => Keeping(plan.Lake, bucket)),
            .. changed.Where(static bucket => bucket.Declared is not null).SelectMany(bucket => Granting(plan.Lake.Server, bucket)),
            .. plan.Accounts.SelectMany(static account => account.Granting()),
            .. plan.Accounts.SelectMany(static account => account.Removing()),
            .. changed.Where(static bucket => bucket.Declared is null).SelectMany(bucket => Removing(bucket, mayLoseData)),
        ];
    }

    /// <summary>What stands, or should stand, in the bucket's own policy: nothing of ours where users have policies instead.</summary>
    private static BucketPolicy Own(ServerKind server, BucketPolicy? policy) =>
        policy is null ? BucketPolicy.None : server == ServerKind.Minio ? BucketPolicy.None with { Foreign = policy.Foreign } : policy;

    /// <summary>The policy with what is both there and wanted, so with what nobody loses.</summary>
    private static BucketPolicy Narrowed(ServerKind server, BucketPlan bucket)
    {
        var (there, wanted) = (Own(server, bucket.Actual?.Policy), Own(server, bucket.Declared?.Policy));
        // what denies goes last: to lift it opens something
        return new(there.Grants.And(wanted.Grants), there.TlsOnly || wanted.TlsOnly, [.. there.Foreign.Where(static foreign => foreign.Denies)]);
    }

    private static IEnumerable<Step> Narrowing(ServerKind server, BucketPlan bucket)
    {
        var narrowed = Narrowed(server, bucket);
        if (narrowed.Json(bucket.Name) != Own(server, bucket.Actual!.Policy).Json(bucket.Name))
            yield return Set(bucket, "take away what is no longer allowed", narrowed);
    }

    private static IEnumerable<Step> Granting(ServerKind server, BucketPlan bucket)
    {
        var wanted = Own(server, bucket.Declared!.Policy);
        if (wanted.Json(bucket.Name) != Narrowed(server, bucket).Json(bucket.Name) || (bucket.Actual is null && wanted.TlsOnly))
            yield return Set(bucket, "give what is allowed", wanted);
    }

    private static Step Set(BucketPlan bucket, string says, BucketPolicy policy) => new(bucket.Name, says, (server, cancel) => server.Buckets.SetPolicyAsync(bucket.Name, policy, cancel));

    private static IEnumerable<Step> Keeping(DeclaredLake lake, BucketPlan bucket)
    {
        var (name, wanted) = (bucket.Name, bucket.Declared!.Settings);
        var there = bucket.Actual ?? ActualBucket.New(name);
        if (bucket.Actual is null)
            yield return new(name, "make the bucket", (server, cancel) => server.Buckets.CreateAsync(name, wanted.RetentionDays is not null, cancel));
        foreach (var difference in bucket.Differences)
        {
            var says = $"{difference.What}: {difference.After}";
            Func<LakeServer, CancellationToken, Task>? call = difference.What switch
            {
                "lake" => (server, cancel) => server.Buckets.TagAsync(there, lake.Name, cancel),
                "public access" => (server, cancel) => server.Buckets.SetPublicAccessAsync(name, PublicAccess.Of(lake.Server)!, cancel),
                "versioning" => (server, cancel) => server.Buckets.SetVersioningAsync(name, wanted.Versioning, cancel),
                "encryption" => (server, cancel) => server.Buckets.SetEncryptionAsync(name, wanted.Encryption, wanted.KmsKey, cancel),
                "lifecycle" => (server, cancel) => server.Buckets.SetLifecycleAsync(there, wanted.Lifecycle, cancel),
                "retention" => (server, cancel) => server.Buckets.SetRetentionAsync(name, wanted.RetentionDays, cancel),
                _ => null,
            };
            if (call is not null)
                yield return new(name, says, call);
        }
    }

    private static IEnumerable<Step> Removing(BucketPlan bucket, IReadOnlySet<string> mayLoseData)
    {
        if (bucket.Actual!.Objects is not 0 && mayLoseData.Contains(bucket.Name))
            yield return new(bucket.Name, "delete all its objects", (server, cancel) => server.Buckets.EmptyAsync(bucket.Name, cancel));
        yield return new(bucket.Name, "remove the bucket", (server, cancel) => server.Buckets.DeleteAsync(bucket.Name, cancel));
    }
}
