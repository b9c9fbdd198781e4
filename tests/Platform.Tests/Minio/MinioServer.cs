using System.IO.Compression;
using System.Text.Json;
using DataSpoc.Tests;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests.Minio;

/// <summary>Tests that name the server they talk to in the environment of the process, so that none runs beside them.</summary>
[CollectionDefinition(nameof(MinioServer), DisableParallelization = true)]
public sealed class MinioServerCollection;

/// <summary>
/// The MinIO server of <c>DATASPOC_TEST_MINIO</c> (its address; <c>DATASPOC_TEST_MINIO_ROOT</c> is <c>user:password</c>), or the stand-in. On both, Alice administers, Bob has S3 and no more, and
/// users have the keys that they are told.
/// </summary>
internal sealed class MinioServer : IDisposable
{
    private readonly MinioStandIn? _standIn;

    private MinioServer(S3Server server, MinioStandIn? standIn, string endpoint) => (Server, _standIn, Endpoint) = (server with { Endpoint = endpoint }, standIn, endpoint);

    public string Endpoint { get; }

    /// <summary>It, with Alice and Bob.</summary>
    public S3Server Server { get; }

    public bool IsReal => _standIn is null;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<MinioServer> StartAsync()
    {
        var server = TestServers.S3();
        if (Environment.GetEnvironmentVariable("DATASPOC_TEST_MINIO") is not { Length: > 0 } endpoint)
        {
            var standIn = new MinioStandIn(server);
            return new(server, standIn, standIn.Endpoint);
        }
        var real = new MinioServer(server, null, endpoint);
        await real.ImportAsync(new()
        {
            ["users.json"] = new Dictionary<string, object> { [server.Alice.AccessKey] = User(server.Alice.SecretKey), [server.Bob.AccessKey] = User(server.Bob.SecretKey) },
            ["policies.json"] = new Dictionary<string, object> { ["s3-only"] = JsonDocument.Parse("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::*"]}]}""").RootElement },
            ["user_mappings.json"] = new Dictionary<string, object> { [server.Alice.AccessKey] = Mapping("consoleAdmin"), [server.Bob.AccessKey] = Mapping("s3-only") },
        });
        return real;
    }

    /// <summary>Makes a user, or leaves one that is there.</summary>
    public async Task<S3User> UserAsync(string name)
    {
        if (_standIn is not null)
        {
            _standIn.Iam.AddUser(name);
            return await TestUsers.MakeAsync(TestServers.S3(), name, Cancel);
        }
        var user = new S3User(name, $"{name}-secret");
        if ((await AdminAsync("GET", "user-info", [("accessKey", name)])).Status == 404)
            await ImportAsync(new() { ["users.json"] = new Dictionary<string, object> { [name] = User(user.SecretKey) } });
        return user;
    }

    /// <summary>Makes a group of users that are there.</summary>
    public async Task GroupAsync(string name, params string[] members)
    {
        _standIn?.Iam.AddGroup(name, members);
        if (IsReal)
            await ImportAsync(new() { ["groups.json"] = new Dictionary<string, object> { [name] = new { version = 1, status = "enabled", members } } });
    }

    /// <summary>From here on, what users may do in this bucket is enforced, which a real server does anyway.</summary>
    public void Enforce(string bucket) => _ = _standIn?.Enforced = bucket;

    /// <summary>A call of the admin API as Alice.</summary>
    public async Task<(int Status, string Text)> AdminAsync(string method, string call, (string Name, string Value)[] query, string body = "")
    {
        using var client = new HttpClient();
        using var request = TestSigning.Signed(Endpoint, Server.Alice, method, $"/minio/admin/v3/{call}", query.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value)), System.Text.Encoding.UTF8.GetBytes(body));
        using var answer = await client.SendAsync(request, Cancel);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>The policies attached to a user, in the server's order.</summary>
    public async Task<string[]> AttachedAsync(string user)
    {
        using var answer = JsonDocument.Parse((await AdminAsync("GET", "user-info", [("accessKey", user)])).Text);
        return answer.RootElement.TryGetProperty("policyName", out var names) ? names.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>Puts a policy of somebody else's and attaches exactly these.</summary>
    public async Task AttachAsync(string user, string name, string policy, params string[] others)
    {
        Assert.Equal(200, (await AdminAsync("PUT", "add-canned-policy", [("name", name)], policy)).Status);
        Assert.Equal(200, (await AdminAsync("PUT", "set-user-or-group-policy", [("policyName", string.Join(',', [.. others, name])), ("userOrGroup", user), ("isGroup", "false")])).Status);
    }

    public void Dispose() => _standIn?.Dispose();

    private static object User(string secret) => new { secretKey = secret, status = "enabled" };

    private static object Mapping(string policy) => new { version = 1, policy, updatedAt = DateTime.UnixEpoch };

    // the one call that makes users without a body that is encrypted as only MinIO's own clients do it
    private async Task ImportAsync(Dictionary<string, Dictionary<string, object>> assets)
    {
        var root = (Environment.GetEnvironmentVariable("DATASPOC_TEST_MINIO_ROOT") ?? "minioadmin:minioadmin").Split(':', 2);
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in assets)
            {
                await using var entry = await zip.CreateEntry($"iam-assets/{name}").OpenAsync(Cancel);
                await JsonSerializer.SerializeAsync(entry, content, cancellationToken: Cancel);
            }
        }
        using var client = new HttpClient();
        using var request = TestSigning.Signed(Endpoint, new(root[0], root[1]), "PUT", "/minio/admin/v3/import-iam", [], bytes.ToArray());
        using var answer = await client.SendAsync(request, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
