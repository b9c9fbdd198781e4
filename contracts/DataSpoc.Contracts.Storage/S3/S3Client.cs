using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Polly;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>Calls S3 about one bucket: made on the first call, retried within the budget, failures explained.</summary>
internal sealed class S3Client : IDisposable
{
    private readonly Lazy<Opened> opened;
    private readonly RetryBudget budget;
    private readonly ResiliencePipeline retries;
    private readonly string prefix;
    private readonly AWSCredentials? given;

    public S3Client(BucketUri bucket, S3StoreOptions options)
    {
        Bucket = bucket;
        given = options.Credentials;
        Errors = new(bucket);
        prefix = bucket.Path.Length == 0 ? "" : bucket.Path + "/";
        budget = options.Retries;
        retries = budget.Pipeline(options.Time);
        opened = new(() => Open(options));
    }

    public BucketUri Bucket { get; }

    public S3Errors Errors { get; }

    /// <summary>The key in the S3 bucket of a key of ours.</summary>
    public string Full(string key) => prefix + key;

    /// <summary>Our key of a key in the S3 bucket.</summary>
    public string Relative(string fullKey) => fullKey[prefix.Length..];

    /// <summary>Calls, with retries. What S3 answers to the last attempt comes through as the SDK's exception.</summary>
    public Task<T> TryAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancel, long bytes = 0)
    {
        var s3 = opened.Value.Client;
        return budget.RunAsync(retries, attempt => call(s3, attempt), bytes, cancel);
    }

    /// <summary>Calls, with retries; every failure is explained.</summary>
    public async Task<T> CallAsync<T>(
        string action, string key, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancel, long bytes = 0)
    {
        try
        {
            return await TryAsync(call, cancel, bytes);
        }
        catch (Exception error) when (S3Errors.IsFromS3(error))
        {
            throw Errors.Explain(error, action, key);
        }
    }

    /// <summary>The access key that requests are signed with.</summary>
    public async Task<string> AccessKeyAsync() =>
        // the SDK keeps those of the environment, and renews them
        (await (given ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(opened.Value.Client.Config)).GetCredentialsAsync()).AccessKey;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (opened.IsValueCreated)
            opened.Value.Dispose();
    }

    private Opened Open(S3StoreOptions options)
    {
        var connections = new S3Connections(options.Transport);
        try
        {
            var config = S3Configuration.Build(Bucket, options, connections);
            Errors.Endpoint = config.ServiceURL;
            var client = given is not null ? new AmazonS3Client(given, config) : new AmazonS3Client(config);
            return new(client, connections);
        }
        catch (Exception error)
        {
            connections.Dispose();
            if (S3Errors.IsFromS3(error))
                throw Errors.Explain(error, "s3", "");
            throw;
        }
    }

    private sealed record Opened(AmazonS3Client Client, S3Connections Connections) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            Connections.Dispose();
        }
    }
}
