using Amazon.S3.Model;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>A lake as the server has it.</summary>
/// <param name="Buckets">The declared buckets that exist, and those whose tag names the lake.</param>
/// <param name="Accounts">Users and groups, where access is given by policies of theirs.</param>
internal sealed record ActualLake(IReadOnlyList<ActualBucket> Buckets, IReadOnlyList<ActualAccount> Accounts);

/// <summary>A bucket as the server has it.</summary>
/// <param name="Name">On the server.</param>
/// <param name="Lake">The lake its tag names, or null.</param>
/// <param name="Settings">How it is kept; what of the lifecycle is ours.</param>
/// <param name="PublicAccess">What keeps the public out.</param>
/// <param name="Policy">Who may do what.</param>
internal sealed record ActualBucket(string Name, string? Lake, BucketSettings Settings, PublicAccess PublicAccess, BucketPolicy Policy)
{
    /// <summary>Its other tags, which stay.</summary>
    public IReadOnlyList<Tag> OtherTags { get; init; } = [];

    /// <summary>Its lifecycle rules that are not ours, which stay.</summary>
    public IReadOnlyList<LifecycleRule> OtherRules { get; init; } = [];

    /// <summary>Objects and old versions in it, at most 1000; null where it was not asked for.</summary>
    public int? Objects { get; init; }

    /// <summary>A bucket that was just made.</summary>
    public static ActualBucket New(string name) => new(name, null, new(false, EncryptionKind.None, null, new(null, null, null), null, false), PublicAccess.Open, BucketPolicy.None);
}

/// <summary>The four switches of S3's "block public access".</summary>
internal sealed record PublicAccess(bool BlockAcls, bool IgnoreAcls, bool BlockPolicy, bool Restrict)
{
    public static PublicAccess Open { get; } = new(false, false, false, false);

    /// <summary>Everything blocked on AWS; null elsewhere, where it has no such thing or breaks what policies allow (decisions/0001).</summary>
    public static PublicAccess? Of(ServerKind server) => server == ServerKind.Aws ? new(true, true, true, true) : null;

    public override string ToString() => (BlockAcls || IgnoreAcls, BlockPolicy || Restrict) switch
    {
        (true, true) => "blocked",
        (false, false) => "not blocked",
        _ => "partly blocked",
    };
}
