using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>What has to change so that the buckets are as declared. Pure: made from what is asked for and what is there.</summary>
/// <param name="Lake">What is asked for.</param>
/// <param name="Buckets">Every bucket of the lake, those without a change too.</param>
/// <param name="Accounts">Users and groups, where access is given by policies of theirs; those without a change too.</param>
internal sealed record LakePlan(DeclaredLake Lake, IReadOnlyList<BucketPlan> Buckets, IReadOnlyList<AccountPlan> Accounts)
{
    public bool IsEmpty => Buckets.All(static bucket => bucket.Change == BucketChange.None) && Accounts.All(static account => account.IsEmpty);

    /// <summary>A principal as people know it, also where it is not in the file any more.</summary>
    public string Shown(string arn) => Accounts.FirstOrDefault(account => account.Actual.Arn == arn && !Lake.Principals.ContainsKey(arn))?.Actual.Account.Principal ?? Lake.Shown(arn);

    public int Count(BucketChange change) => Buckets.Count(bucket => bucket.Change == change);

    /// <summary>The plan.</summary>
    /// <param name="lake">What is asked for.</param>
    /// <param name="actual">What is there of it.</param>
    public static LakePlan Of(DeclaredLake lake, ActualLake actual)
    {
        BucketPlan[] plans =
        [
            .. lake.Buckets.Select(declared => BucketPlan.Of(lake, declared, actual.Buckets.FirstOrDefault(bucket => bucket.Name == declared.Name))),
            .. actual.Buckets.Where(bucket => lake.Buckets.All(declared => declared.Name != bucket.Name)).OrderBy(static bucket => bucket.Name, StringComparer.Ordinal).Select(BucketPlan.Removing),
        ];
        var shown = plans.Select(static bucket => bucket.Name).ToHashSet(StringComparer.Ordinal);
        return new(lake, plans, [.. actual.Accounts.Select(account => AccountPlan.Of(account, lake.PolicyOf(account.Arn), shown))]);
    }
}

/// <summary>What has to change about one bucket.</summary>
/// <param name="Name">The bucket.</param>
/// <param name="Change">What happens to it.</param>
/// <param name="Declared">As it should be; null where it should not be.</param>
/// <param name="Actual">As it is; null where it is not.</param>
/// <param name="Differences">In the order in which people read them.</param>
internal sealed record BucketPlan(string Name, BucketChange Change, DeclaredBucket? Declared, ActualBucket? Actual, IReadOnlyList<Difference> Differences)
{
    public static BucketPlan Of(DeclaredLake lake, DeclaredBucket declared, ActualBucket? actual)
    {
        var differences = SettingDifferences(lake, declared, actual ?? ActualBucket.New(declared.Name)).Concat(AccessDifferences(declared.Policy, actual?.Policy ?? BucketPolicy.None)).ToArray();
        return new(declared.Name, actual is null ? BucketChange.Create : differences.Length > 0 ? BucketChange.Change : BucketChange.None, declared, actual, differences);
    }

    public static BucketPlan Removing(ActualBucket actual) =>
        new(actual.Name, BucketChange.Remove, null, actual, [.. Difference.Of(actual.Policy.Grants, Grants.None), .. ForeignDifferences(actual.Policy)]);

    private static IEnumerable<Difference> SettingDifferences(DeclaredLake lake, DeclaredBucket declared, ActualBucket actual)
    {
        var (wanted, there) = (declared.Settings, actual.Settings);
        if (actual.Lake != lake.Name)
            yield return new("lake", actual.Lake ?? "none", lake.Name);
        if (PublicAccess.Of(lake.Server) is { } blocked && actual.PublicAccess != blocked)
            yield return new("public access", actual.PublicAccess.ToString(), blocked.ToString());
        if (wanted.Versioning != there.Versioning)
            yield return new("versioning", OnOff(there.Versioning), OnOff(wanted.Versioning));
        // none is whatever the server does by itself; AWS does SSE-S3
        if ((wanted.Encryption, wanted.KmsKey) != (there.Encryption, there.KmsKey) && (wanted.Encryption, there.Encryption) != (EncryptionKind.None, EncryptionKind.SseS3))
            yield return new("encryption", Said(there), Said(wanted));
        if (wanted.Lifecycle != there.Lifecycle)
            yield return new("lifecycle", there.Lifecycle.ToString(), wanted.Lifecycle.ToString());
        if (wanted.RetentionDays != there.RetentionDays)
            yield return new("retention", there.RetentionDays is { } now ? $"{now} d" : "none", wanted.RetentionDays is { } days ? $"{days} d" : "none");
        // where users have policies, only those who have some can be denied calls without TLS
        if (wanted.TlsOnly != actual.Policy.TlsOnly && (lake.Server != ServerKind.Minio || !declared.Grants.IsEmpty))
            yield return new("TLS only", OnOff(actual.Policy.TlsOnly), OnOff(wanted.TlsOnly));
    }

    private static IEnumerable<Difference> AccessDifferences(BucketPolicy wanted, BucketPolicy there) => [.. ForeignDifferences(there), .. Difference.Of(there.Grants, wanted.Grants)];

    private static IEnumerable<Difference> ForeignDifferences(BucketPolicy there) =>
        there.Foreign.Select(static foreign => new Difference("statement", $"`{foreign.Name}`, which is not from platform.yaml{(foreign.Denies ? " and denies something" : "")}", "removed"));

    private static string OnOff(bool on) => on ? "on" : "off";

    private static string Said(BucketSettings settings) => settings.Encryption switch
    {
        EncryptionKind.SseS3 => "sse-s3",
        EncryptionKind.SseKms => settings.KmsKey is { } key ? $"sse-kms with {key}" : "sse-kms",
        _ => "none",
    };
}
