using Amazon.Runtime;
using DataSpoc.Contracts;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Provisioning;
using DataSpoc.Tests;
using Xunit;

namespace Platform.Tests.Provisioning;

/// <summary>A lake of a test's own on the test server, declared in a folder; everything of it is destroyed afterwards.</summary>
internal sealed class TestLake : IAsyncDisposable
{
    private const string EndpointVariable = "AWS_ENDPOINT_URL_S3";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    private readonly string _kind;

    /// <summary>A lake.</summary>
    /// <param name="kind">What <c>server:</c> says.</param>
    /// <param name="endpoint">Where commands look for the server, if not at the test server itself; only for tests that run alone.</param>
    public TestLake(string kind = "ceph", string? endpoint = null)
    {
        _kind = kind;
        Server = TestServers.S3();
        // the commands run inside the test, and find the server as everybody does: by the environment of the process
        foreach (var (name, value) in Server.EnvironmentOf(Server.Alice))
            Environment.SetEnvironmentVariable(name, value);
        if (endpoint is not null)
            Environment.SetEnvironmentVariable(EndpointVariable, endpoint);
        Admin = new(Name, Credentials(Server.Alice));
    }

    public S3Server Server { get; }

    public string Name { get; } = $"t{Guid.NewGuid():N}"[..20];

    public string Folder => _folder.FullName;

    public S3BucketAdministration Admin { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static BasicAWSCredentials Credentials(S3User user) => new(user.AccessKey, user.SecretKey);

    /// <summary>Writes <c>platform.yaml</c>; <c>LAKE</c> is the lake's name, with which its buckets' names begin.</summary>
    public void Declare(string yaml) => File.WriteAllText(Path.Combine(Folder, "platform.yaml"), $"lake: {Name}\nserver: {_kind}\n{yaml.Replace("LAKE", Name, StringComparison.Ordinal)}");

    /// <summary>The AWS credentials file that commands are given.</summary>
    public string CredentialsFile => Path.Combine(Folder, "credentials");

    public Task<PlatformRun> RunAsync(params string[] args) => PlatformRun.OfAsync(Folder, new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = CredentialsFile }, args);

    public async Task<PlatformRun> DoAsync(params string[] args)
    {
        var run = await RunAsync(args);
        Assert.True(run.Exit == 0, $"platform {string.Join(' ', args)}: {run}");
        return run;
    }

    /// <summary>Two applies at once: each ends or says why not, and one more finishes what they left.</summary>
    public async Task ApplyTwiceAtOnceAsync()
    {
        var both = await Task.WhenAll(RunAsync("apply", "--yes"), RunAsync("apply", "--yes"));
        Assert.All(both, static run => Assert.True(run.Exit is 0 or 1 or 4, run.ToString()));
        Assert.All(both, static run => Assert.DoesNotContain("has a bug", run.Error, StringComparison.Ordinal));
        await DoAsync("apply", "--yes");
        await DoAsync("plan", "--check");
    }

    public async Task<BucketPolicy> PolicyAsync(string bucket) => (await Admin.ReadAsync($"{Name}-{bucket}", count: false, Cancel))?.Policy ?? BucketPolicy.None;

    public async ValueTask DisposeAsync()
    {
        foreach (var bucket in await Admin.BucketsOfAsync(Name, default))
        {
            await Admin.EmptyAsync(bucket, default);
            await Admin.DeleteAsync(bucket, default);
        }
        Admin.Dispose();
        Environment.SetEnvironmentVariable(EndpointVariable, Server.Endpoint);
        _folder.Delete(recursive: true);
    }
}
