using DataSpoc.Contracts;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Provisioning;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests.Minio;

/// <summary>An apply on MinIO, ended before each of its calls that change something: that call and all after it do not reach the server, as if the program had been killed.</summary>
[Collection(nameof(MinioServer))]
public sealed class MinioEndedApplyTests
{
    private const string Theirs = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::elsewhere/*"]}]}""";

    /// <summary>Somebody loses a part, somebody everything, somebody keeps nothing of what they had but gets something else, and somebody comes.</summary>
    private const string Before = """
        roles:
          one: [{ prefix: gold/one/, allow: [read, list] }]
          two: [{ prefix: gold/two/, allow: [read, list, write] }]
        teams:
          sales: { analyst: [dsk-ana, dsk-gone], one: [dsk-board] }
        buckets:
          LAKE-a: { team: sales, layers: [raw, gold] }
        """;

    private const string After = """
        roles:
          one: [{ prefix: gold/one/, allow: [read, list] }]
          two: [{ prefix: gold/two/, allow: [read, list, write] }]
        teams:
          sales: { analyst: [dsk-new], auditor: [dsk-ana], two: [dsk-board] }
        buckets:
          LAKE-a: { team: sales, layers: [raw, gold] }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_EndedAtEachCall_NeverOpensMoreThanBeforeAndAfter_AndIsFinishedByTheNext()
    {
        using var minio = await MinioServer.StartAsync();
        var last = int.MaxValue;
        CancellationTokenSource? ended = null;
        var (count, calls) = (0, new List<string>());
        using var proxy = new CountingProxy(minio.Endpoint, _ =>
        {
            if (++count <= last)
                return true;
            ended!.Cancel();
            return false;
        });
        await using var lake = new TestLake("minio", proxy.Endpoint);
        foreach (var name in new[] { "dsk-ana", "dsk-gone", "dsk-board", "dsk-new" })
            await minio.UserAsync(name);
        await minio.AttachAsync("dsk-gone", $"{lake.Name}-theirs", Theirs);
        var earlier = new Dictionary<string, Grants>();
        for (var (call, done) = (0, false); !done; call++)
        {
            last = int.MaxValue;
            lake.Declare(Before);
            await lake.DoAsync("apply", "--yes", "-q");
            var before = await EffectiveAsync(lake);
            lake.Declare(After);
            var after = before.Keys.ToDictionary(static name => name, name => Declared.In(lake.Folder).Buckets.Single(bucket => bucket.Name == name).Grants);

            proxy.Changes.Clear();
            (count, last, ended) = (0, call, new CancellationTokenSource());
            done = await ApplyAsync(lake, ended.Token);
            last = int.MaxValue;
            calls = [.. proxy.Changes];
            var now = await EffectiveAsync(lake);
            foreach (var (bucket, grants) in now)
            {
                Assert.Empty(grants.Without(before[bucket].With(after[bucket])).All);
                // what was taken away a call earlier has not come back
                Assert.Empty(grants.Without(after[bucket]).Without(earlier.GetValueOrDefault(bucket, grants)).All);
            }
            // nobody gains anything before everybody has lost what they lose
            Assert.True(now.All(pair => pair.Value.Without(before[pair.Key]).IsEmpty) || now.All(pair => pair.Value.Without(after[pair.Key]).IsEmpty), $"after {call} calls");
            earlier = now;
            Assert.Contains($"{lake.Name}-theirs", await minio.AttachedAsync("dsk-gone"));
            ended.Dispose();

            // it looks at everything once more at its end, and fails where that is not as declared
            await lake.DoAsync("apply", "--yes", "-q");
        }
        await lake.DoAsync("plan", "--check");
        // ana is narrowed and given, gone is detached and removed, board is detached, written and attached, new is written and attached
        Assert.Equal(9, calls.Count);
        Assert.Equal(["PUT add-canned-policy", "PUT set-user-or-group-policy", "PUT set-user-or-group-policy"], calls.Take(3).Select(static change => change.Replace("/minio/admin/v3/", "", StringComparison.Ordinal).Split('?')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TwoAppliesAtOnce_EndOrSayWhatIsLeft_AndAnotherOneFinishes()
    {
        using var minio = await MinioServer.StartAsync();
        foreach (var name in new[] { "dsk-ana", "dsk-gone", "dsk-board", "dsk-new" })
            await minio.UserAsync(name);
        await using var lake = new TestLake("minio", minio.Endpoint);
        lake.Declare(Before);
        await lake.DoAsync("apply", "--yes", "-q");
        lake.Declare(After);
        await lake.ApplyTwiceAtOnceAsync();
    }

    [Theory]
    [InlineData("set-user-or-group-policy", 403, "AccessDenied", 4, "not permitted: admin:AttachUserOrGroupPolicy on the MinIO server")]
    [InlineData("add-canned-policy", 403, "AccessDenied", 4, "not permitted: admin:CreatePolicy on the MinIO server")]
    [InlineData("remove-canned-policy", 400, "XMinioIAMPolicyInUse", 1, "cannot be removed: it is attached to somebody whom platform.yaml does not name")]
    public async Task Apply_WhoseCallIsRefused_SaysWhy_AndIsFinishedByTheNext(string call, int status, string code, int exit, string says)
    {
        using var minio = await MinioServer.StartAsync();
        foreach (var name in new[] { "dsk-ana", "dsk-gone", "dsk-board", "dsk-new" })
            await minio.UserAsync(name);
        var refuses = false;
        using var proxy = new CountingProxy(minio.Endpoint, static _ => true, request => refuses && request.Contains(call, StringComparison.Ordinal) ? new(status, code, "refused", Json: true) : null);
        await using var lake = new TestLake("minio", proxy.Endpoint);
        lake.Declare(Before);
        await lake.DoAsync("apply", "--yes", "-q");
        lake.Declare(After);
        refuses = true;
        var run = await lake.RunAsync("apply", "--yes");
        Assert.Equal(exit, run.Exit);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Contains("nobody has more than before and after together; run it again to go on", run.Error, StringComparison.Ordinal);
        refuses = false;
        await lake.DoAsync("apply", "--yes", "-q");
        await lake.DoAsync("plan", "--check");
    }

    /// <summary>What users may do by the lake's policies, by bucket.</summary>
    private static async Task<Dictionary<string, Grants>> EffectiveAsync(TestLake lake)
    {
        var declared = Declared.In(lake.Folder);
        using var connection = await ServerConnection.OpenAsync(declared, Cancel, TestLake.Credentials(lake.Server.Alice));
        var accounts = await connection.Server.Accounts!.AccountsAsync(lake.Name, [.. declared.Principals.Values], Cancel);
        return declared.Buckets.ToDictionary(static bucket => bucket.Name, bucket => new Grants(accounts.SelectMany(account => account.Effective.In(bucket.Name).All)));
    }

    /// <summary>Whether it came to its end.</summary>
    private static async Task<bool> ApplyAsync(TestLake lake, CancellationToken ended)
    {
        var declared = Declared.In(lake.Folder);
        using var connection = await ServerConnection.OpenAsync(declared, Cancel, TestLake.Credentials(lake.Server.Alice));
        var plan = LakePlan.Of(declared, await LakeReader.ReadAsync(declared, connection.Server, Cancel));
        try
        {
            await new Apply(connection.Server, static _ => { }).RunAsync(plan, new HashSet<string>(), ended);
            return true;
        }
        catch (Exception error) when (error is OperationCanceledException or UserError && ended.IsCancellationRequested)
        {
            return false;
        }
    }
}
