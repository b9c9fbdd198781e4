using DataSpoc.Contracts;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Declaration;

namespace DataSpoc.Platform.Provisioning;

/// <summary>What can be asked of a server about its buckets, and changed. Every change is one call of S3, and doing it again changes nothing.</summary>
internal interface IBucketAdministration
{
    /// <summary>Own buckets whose tag names the lake.</summary>
    /// <exception cref="UserError">The server refuses, or cannot be reached.</exception>
    Task<IReadOnlyList<string>> BucketsOfAsync(string lake, CancellationToken cancel);

    /// <summary>The bucket, or null where there is none.</summary>
    /// <param name="name">The bucket.</param>
    /// <param name="count">Whether to look how much is in it.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="UserError">It belongs to somebody else (<see cref="ExitCode.NotPermitted"/>).</exception>
    Task<ActualBucket?> ReadAsync(string name, bool count, CancellationToken cancel);

    /// <exception cref="UserError">The name is taken by somebody else.</exception>
    Task CreateAsync(string name, bool objectLock, CancellationToken cancel);

    Task TagAsync(ActualBucket bucket, string lake, CancellationToken cancel);

    Task SetPublicAccessAsync(string bucket, PublicAccess access, CancellationToken cancel);

    Task SetVersioningAsync(string bucket, bool on, CancellationToken cancel);

    Task SetEncryptionAsync(string bucket, EncryptionKind kind, string? key, CancellationToken cancel);

    Task SetLifecycleAsync(ActualBucket bucket, Lifecycle lifecycle, CancellationToken cancel);

    Task SetRetentionAsync(string bucket, int? days, CancellationToken cancel);

    /// <summary>Puts the policy whole, or takes it away where it says nothing.</summary>
    Task SetPolicyAsync(string bucket, BucketPolicy policy, CancellationToken cancel);

    /// <summary>Deletes every object, version and upload.</summary>
    Task EmptyAsync(string bucket, CancellationToken cancel);

    /// <exception cref="UserError">It is not empty.</exception>
    Task DeleteAsync(string bucket, CancellationToken cancel);
}
