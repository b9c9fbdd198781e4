using Amazon.Runtime;
using Amazon.S3;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>
/// S3 as the stores reach it (endpoint, region, checksums, connections, retries, explained errors), for the calls that no store makes: those about a bucket
/// itself. Nothing is touched before the first call. Loads the AWS SDK.
/// </summary>
public sealed class S3Access : IDisposable
{
    private readonly S3Client client;

    /// <summary>Access to one bucket.</summary>
    /// <param name="bucket">The bucket, for the region and for messages.</param>
    /// <param name="credentials">Whose credentials; null is those of the AWS environment.</param>
    public S3Access(BucketUri bucket, AWSCredentials? credentials = null) => client = new(bucket, new() { Credentials = credentials });

    /// <summary>Whether an exception comes from S3, the SDK or the network, and not from a bug or a cancellation.</summary>
    public static bool IsFromS3(Exception error) => S3Errors.IsFromS3(error);

    /// <summary>Calls, with retries. What S3 answers to the last attempt comes through as the SDK's exception.</summary>
    public Task<T> TryAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancel) => client.TryAsync(call, cancel);

    /// <summary>The error for people.</summary>
    /// <param name="error">An exception for which <see cref="IsFromS3"/> holds.</param>
    /// <param name="action">What was tried, as IAM names it: <c>s3:GetBucketPolicy</c>.</param>
    /// <param name="key">The key or prefix; empty for the bucket itself.</param>
    public UserError Explain(Exception error, string action, string key) => client.Errors.Explain(error, action, key);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
