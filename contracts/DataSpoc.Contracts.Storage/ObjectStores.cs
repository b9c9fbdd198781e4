using System.Runtime.CompilerServices;
using DataSpoc.Contracts.Storage.Files;
using DataSpoc.Contracts.Storage.S3;

namespace DataSpoc.Contracts.Storage;

/// <summary>Opens buckets.</summary>
public static class ObjectStores
{
    /// <summary>A store over the bucket. Nothing is touched before the first call on it; the AWS SDK is loaded for <c>s3://</c> alone.</summary>
    /// <exception cref="UserError">The scheme is not supported (<see cref="ExitCode.Usage"/>).</exception>
    public static IObjectStore Open(BucketUri bucket, ObjectStoreOptions? options = null) => bucket.Scheme switch
    {
        "file" => new FileObjectStore(bucket, options ?? new()),
        "s3" => OpenS3(bucket, options ?? new()),
        _ => throw new UserError($"`{bucket}` has a scheme that is not supported") { ExitCode = ExitCode.Usage },
    };

    // not inlined: a method that names the SDK's types loads its assemblies when it is compiled
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static S3ObjectStore OpenS3(BucketUri bucket, ObjectStoreOptions options) =>
        new S3ObjectStore(bucket, new() { Time = options.Time });
}
