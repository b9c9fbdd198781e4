using Amazon.Runtime;
using Amazon.S3;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;

namespace Lens.Tests.Distant;

/// <summary>A bucket of Alice's on the test server, of one test's own.</summary>
internal sealed class S3Lake : IAsyncDisposable
{
    private readonly AmazonS3Client _admin;
    private readonly S3Server _server;
    private readonly string _name = $"lens-{Guid.NewGuid():N}";
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("lens-cache-");

    private S3Lake(S3Server server)
    {
        _server = server;
        // the store knows only the environment; all tests of this process are Alice
        foreach (var (variable, value) in server.EnvironmentOf(server.Alice))
            Environment.SetEnvironmentVariable(variable, value);
        _admin = new(new BasicAWSCredentials(server.Alice.AccessKey, server.Alice.SecretKey), new AmazonS3Config
        {
            ServiceURL = server.Endpoint,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
        Lake = new(ObjectStores.Open(BucketUri.Parse($"s3://{_name}")));
    }

    public Lake Lake { get; }

    public string Uri => Lake.Uri;

    public string Name => _name;

    public string CacheFolder => _cache.FullName;

    public static async Task<S3Lake> NewAsync()
    {
        var lake = new S3Lake(TestServers.S3());
        await lake._admin.PutBucketAsync(lake._name);
        return lake;
    }

    public Task AllowAsync(string policy) => _admin.PutBucketPolicyAsync(new() { BucketName = _name, Policy = policy });

    /// <summary>Runs <c>lens sql</c> as Alice.</summary>
    public Task<Outcome> AskAsync(string sql, params string[] options) => AskAsync(_server.Alice, sql, options);

    /// <summary>Runs <c>lens sql</c> as Bob, who has nothing to do with Alice.</summary>
    public Task<Outcome> AskAsBobAsync(string sql, params string[] options) => AskAsync(_server.Bob, sql, options);

    public async ValueTask DisposeAsync()
    {
        var keys = new List<string>();
        await foreach (var found in Lake.Store.ListAsync("", null, default))
            keys.Add(found.Key);
        await Lake.Store.DeleteAsync(keys, default);
        await _admin.DeleteBucketAsync(_name);
        await Lake.DisposeAsync();
        _admin.Dispose();
        _cache.Delete(recursive: true);
    }

    private Task<Outcome> AskAsync(S3User user, string sql, string[] options)
    {
        var environment = new Dictionary<string, string?>(_server.EnvironmentOf(user)) { ["DATASPOC_CACHE"] = _cache.FullName };
        return LensExecutable.RunAsync(environment, ["sql", sql, "--bucket", Uri, .. options]);
    }
}
