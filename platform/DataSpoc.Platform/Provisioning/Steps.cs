using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>One call that changes something.</summary>
/// <param name="Bucket">About which bucket.</param>
/// <param name="Says">What it does, for people.</param>
/// <param name="Do">Does it; a second time it changes nothing.</param>
internal sealed record Step(string Bucket, string Says, Func<IBucketAdministration, CancellationToken, Task> Do);

/// <summary>
/// The order of an apply. First everything that anybody loses, in every bucket; then the buckets and how they are kept; then what is gained; last what goes
/// altogether. So at no instant has anybody more than the target gives, beside what they had and have not lost yet, and a run that ends in between can be begun again.
/// </summary>
internal static class Steps
{
    public static IReadOnlyList<Step> Of(LakePlan plan, IReadOnlySet<string> mayLoseData)
    {
        var access = plan.Lake.Server != ServerKind.Minio;
        var changed = plan.Buckets.Where(static bucket => bucket.Change != BucketChange.None).ToArray();
        return
        [
            .. changed.Where(bucket => access && bucket.Actual is not null).SelectMany(Narrowing),
            .. changed.Where(static bucket => bucket.Declared is not null).SelectMany(bucket => Keeping(plan.Lake, bucket)),
            .. changed.Where(bucket => access && bucket.Declared is not null).SelectMany(Granting),
            .. changed.Where(static bucket => bucket.Declared is null).SelectMany(bucket => Removing(bucket, mayLoseData)),
        ];
    }

    /// <summary>The policy with what is both there and wanted, so with what nobody loses.</summary>
    private static BucketPolicy Narrowed(BucketPlan bucket)
    {
        var there = bucket.Actual?.Policy ?? BucketPolicy.None;
        var wanted = bucket.Declared?.Policy ?? BucketPolicy.None;
        // what denies goes last: to lift it opens something
        return new(there.Grants.And(wanted.Grants), there.TlsOnly || wanted.TlsOnly, [.. there.Foreign.Where(static foreign => foreign.Denies)]);
    }

    private static IEnumerable<Step> Narrowing(BucketPlan bucket)
    {
        var narrowed = Narrowed(bucket);
        if (narrowed.Json(bucket.Name) != bucket.Actual!.Policy.Json(bucket.Name))
            yield return new(bucket.Name, "take away what is no longer allowed", (admin, cancel) => admin.SetPolicyAsync(bucket.Name, narrowed, cancel));
    }

    private static IEnumerable<Step> Keeping(DeclaredLake lake, BucketPlan bucket)
    {
        var (name, wanted) = (bucket.Name, bucket.Declared!.Settings);
        var there = bucket.Actual ?? ActualBucket.New(name);
        if (bucket.Actual is null)
            yield return new(name, "make the bucket", (admin, cancel) => admin.CreateAsync(name, wanted.RetentionDays is not null, cancel));
        foreach (var difference in bucket.Differences)
        {
            var says = $"{difference.What}: {difference.After}";
            Func<IBucketAdministration, CancellationToken, Task>? call = difference.What switch
            {
                "lake" => (admin, cancel) => admin.TagAsync(there, lake.Name, cancel),
                "public access" => (admin, cancel) => admin.SetPublicAccessAsync(name, PublicAccess.Of(lake.Server)!, cancel),
                "versioning" => (admin, cancel) => admin.SetVersioningAsync(name, wanted.Versioning, cancel),
                "encryption" => (admin, cancel) => admin.SetEncryptionAsync(name, wanted.Encryption, wanted.KmsKey, cancel),
                "lifecycle" => (admin, cancel) => admin.SetLifecycleAsync(there, wanted.Lifecycle, cancel),
                "retention" => (admin, cancel) => admin.SetRetentionAsync(name, wanted.RetentionDays, cancel),
                _ => null,
            };
            if (call is not null)
                yield return new(name, says, call);
        }
    }

    private static IEnumerable<Step> Granting(BucketPlan bucket)
    {
        var wanted = bucket.Declared!.Policy;
        if (wanted.Json(bucket.Name) != Narrowed(bucket).Json(bucket.Name) || (bucket.Actual is null && wanted.TlsOnly))
            yield return new(bucket.Name, "give what is allowed", (admin, cancel) => admin.SetPolicyAsync(bucket.Name, wanted, cancel));
    }

    private static IEnumerable<Step> Removing(BucketPlan bucket, IReadOnlySet<string> mayLoseData)
    {
        if (bucket.Actual!.Objects is not 0 && mayLoseData.Contains(bucket.Name))
            yield return new(bucket.Name, "delete all its objects", (admin, cancel) => admin.EmptyAsync(bucket.Name, cancel));
        yield return new(bucket.Name, "remove the bucket", (admin, cancel) => admin.DeleteAsync(bucket.Name, cancel));
    }
}
