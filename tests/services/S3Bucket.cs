using Amazon.Runtime;
using Amazon.S3;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.S3;

namespace DataSpoc.Tests;

/// <summary>A bucket of Alice's on the test server, of one test's own.</summary>
internal sealed class S3Bucket : IAsyncDisposable
{
    private readonly AmazonS3Client admin;

    public S3Bucket()
    {
        Server = TestServers.S3();
        admin = new(
            new BasicAWSCredentials(Server.Alice.AccessKey, Server.Alice.SecretKey),
            new AmazonS3Config
            {
                ServiceURL = Server.Endpoint,
                AuthenticationRegion = "us-east-1",
                ForcePathStyle = true,
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            });
    }

    public S3Server Server { get; }

    public string Name { get; } = $"t-{Guid.NewGuid():N}";

    public Task MakeAsync() => admin.PutBucketAsync(Name);

    public Task AllowAsync(string policy) => admin.PutBucketPolicyAsync(new() { BucketName = Name, Policy = policy });

    /// <summary>Writes an empty object under a key that no store of ours would use.</summary>
    public Task PutForeignAsync(string key) => admin.PutObjectAsync(new() { BucketName = Name, Key = key, ContentBody = "" });

    public Task DeleteForeignAsync(string key) => admin.DeleteObjectAsync(Name, key);

    /// <summary>A new store over the bucket, of Alice's unless someone else is named.</summary>
    public IObjectStore Open(string prefix = "", S3StoreOptions? options = null, S3User? user = null) =>
        new S3BucketName(Server, Name).Open(prefix, options, user);

    public async ValueTask DisposeAsync()
    {
        await using (var store = Open())
        {
            await foreach (var (staged, _) in store.ListStagedAsync(default))
                await store.AbandonAsync(staged, default);
            await store.DeleteAsync(await store.ListAsync("", null, default).Select(found => found.Key).ToListAsync(), default);
        }
        await admin.DeleteBucketAsync(Name);
        admin.Dispose();
    }
}

/// <summary>A bucket on the test server, which may not exist.</summary>
internal sealed record S3BucketName(S3Server Server, string Name)
{
    public IObjectStore Open(string prefix = "", S3StoreOptions? options = null, S3User? user = null) =>
        new S3ObjectStore(
            BucketUri.Parse($"s3://{Name}/{prefix}"),
            (options ?? new()) with
            {
                Endpoint = Server.Endpoint,
                Region = "us-east-1",
                Credentials = new BasicAWSCredentials((user ?? Server.Alice).AccessKey, (user ?? Server.Alice).SecretKey),
            });
}
