using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Platform.Provisioning;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests.Minio;

/// <summary>Access on MinIO, by policies of users and groups: on the server of <c>DATASPOC_TEST_MINIO</c> where that is set, else on the stand-in.</summary>
[Collection(nameof(MinioServer))]
public sealed class MinioAccessTests
{
    private const string Theirs = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::elsewhere/*"]}]}""";

    private const string Lake = """
        teams:
          sales: { data_engineer: [dsm-pipe], analyst: [dsm-ana], auditor: [dsm-audrey] }
        buckets:
          LAKE-a: { team: sales, layers: [raw, gold] }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_GivesAndTakesByPoliciesOfUsers_AndLeavesThoseOfOthers()
    {
        using var minio = await MinioServer.StartAsync();
        foreach (var name in new[] { "dsm-pipe", "dsm-ana", "dsm-bea" })
            await minio.UserAsync(name);
        await minio.GroupAsync("dsm-team", "dsm-bea");
        await using var lake = new TestLake("minio", minio.Endpoint);
        await minio.AttachAsync("dsm-ana", $"{lake.Name}-theirs", Theirs);
        lake.Declare(ApplyTests.Before.Replace("[pipe]", "[dsm-pipe]", StringComparison.Ordinal).Replace("[ana]", "[dsm-ana]", StringComparison.Ordinal));
        await lake.DoAsync("apply", "--yes");
        Assert.Equal($"nothing to change: 2 buckets of `{lake.Name}` are as declared\n", (await lake.DoAsync("plan", "--check")).Out);
        Assert.Equal([$"{lake.Name}-theirs", $"dataspoc-{lake.Name}~user~dsm-ana"], await minio.AttachedAsync("dsm-ana"));

        lake.Declare(ApplyTests.After.Replace("[pipe]", "[dsm-pipe]", StringComparison.Ordinal).Replace("analyst: [bea], auditor: [ana]", "analyst: [group/dsm-team]", StringComparison.Ordinal));
        Assert.Equal(
            $"""
            ~ {lake.Name}-a   of team sales
                lifecycle: logs 90 d → logs 30 d
                - dsm-ana loses read, list, write, delete: .dataspoc/lens/ gold/
                - dsm-ana loses read, list: .dataspoc/manifest.json raw/
                + group/dsm-team (analyst of sales) gains read, list, write, delete: .dataspoc/lens/ gold/
                + group/dsm-team (analyst of sales) gains read, list: .dataspoc/manifest.json raw/

            + {lake.Name}-c   new bucket of team sales
                lake: {lake.Name}
                lifecycle: logs 90 d
                + group/dsm-team (analyst of sales) gains read, list, write, delete: .dataspoc/lens/ gold/

            - {lake.Name}-b   is removed: platform.yaml does not have it
                - dsm-ana loses read, list, write, delete: .dataspoc/lens/ gold/

            plan: 1 to create, 1 to change, 1 to remove; 1 principal gains, 1 loses

            """, (await lake.DoAsync("plan")).Out);
        await lake.DoAsync("apply", "--yes");
        await lake.DoAsync("plan", "--check");
        Assert.Equal([$"{lake.Name}-theirs"], await minio.AttachedAsync("dsm-ana"));
        await lake.DoAsync("destroy", "--yes");
        var policies = (await minio.AdminAsync("GET", "list-canned-policies", [])).Text;
        Assert.DoesNotContain($"dataspoc-{lake.Name}~", policies, StringComparison.Ordinal);
        Assert.Contains($"{lake.Name}-theirs", policies, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FindsWhatIsDeclared_BeforeAndAfterAChangeOfRoles()
    {
        using var minio = await MinioServer.StartAsync();
        await using var lake = new TestLake("minio", minio.Endpoint);
        var profiles = new List<string>();
        foreach (var name in new[] { "dsm-ana", "dsm-audrey" })
        {
            var user = await minio.UserAsync(name);
            profiles.Add($"[{name}]\naws_access_key_id = {user.AccessKey}\naws_secret_access_key = {user.SecretKey}\n");
        }
        await File.WriteAllLinesAsync(lake.CredentialsFile, profiles, Cancel);
        var before = Lake.Replace("data_engineer: [dsm-pipe], ", "", StringComparison.Ordinal);
        lake.Declare(before);
        minio.Enforce($"{lake.Name}-a");
        await lake.DoAsync("apply", "--yes", "-q");
        Assert.Contains("permissions of 2 principals and of anybody are as declared", (await lake.DoAsync("verify")).Error, StringComparison.Ordinal);

        lake.Declare(before.Replace("analyst: [dsm-ana], auditor: [dsm-audrey]", "analyst: [dsm-audrey], auditor: [dsm-ana]", StringComparison.Ordinal));
        await lake.DoAsync("apply", "--yes", "-q");
        var after = (await lake.DoAsync("verify", "-o", "csv")).Out;
        Assert.Contains($"{lake.Name}-a,dsm-ana,auditor of sales,gold/,no,yes,no,no", after, StringComparison.Ordinal);
        Assert.Contains($"{lake.Name}-a,dsm-audrey,analyst of sales,gold/,yes,yes,yes,yes", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ForSomebodyWhoIsNotThere_RefusesBeforeAnythingIsTouched()
    {
        using var minio = await MinioServer.StartAsync();
        await minio.UserAsync("dsm-pipe");
        await using var lake = new TestLake("minio", minio.Endpoint);
        lake.Declare(Lake.Replace("[dsm-ana]", "[dsm-nobody]", StringComparison.Ordinal).Replace("[dsm-audrey]", "[group/dsm-none]", StringComparison.Ordinal));
        Assert.Contains("warning: user `dsm-nobody` does not exist on the server, so `apply` refuses", (await lake.DoAsync("plan")).Error, StringComparison.Ordinal);
        var run = await lake.RunAsync("apply", "--yes");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error: user `dsm-nobody`, group `dsm-none` do not exist on the MinIO server\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: `mc admin user add ALIAS NAME` makes a user", run.Error, StringComparison.Ordinal);
        Assert.Empty(await lake.Admin.BucketsOfAsync(lake.Name, Cancel));
    }

    [Fact]
    public async Task Plan_WithoutAdministratorsRights_SaysWhichAreNeeded()
    {
        using var minio = await MinioServer.StartAsync();
        await using var lake = new TestLake("minio", minio.Endpoint);
        lake.Declare(Lake);
        var declared = Declared.In(lake.Folder);
        using var bob = await ServerConnection.OpenAsync(declared, Cancel, TestLake.Credentials(lake.Server.Bob));
        var error = await Assert.ThrowsAsync<UserError>(() => LakeReader.ReadAsync(declared, bob.Server, Cancel));
        Assert.Equal(("not permitted: admin:ListUserPolicies on the MinIO server", ExitCode.NotPermitted), (error.What, error.ExitCode));
        Assert.Contains("admin:AttachUserOrGroupPolicy", error.Hint, StringComparison.Ordinal);
        Assert.Contains(error.Where, where => where.Label == "endpoint" && where.Value.TrimEnd('/') == minio.Endpoint);
    }

    [Fact]
    public async Task Plan_ShowsWhatWasChangedByHand_AndApplyPutsItRight()
    {
        using var minio = await MinioServer.StartAsync();
        foreach (var name in new[] { "dsm-pipe", "dsm-ana", "dsm-audrey" })
            await minio.UserAsync(name);
        await using var lake = new TestLake("minio", minio.Endpoint);
        lake.Declare(Lake);
        await lake.DoAsync("apply", "--yes", "-q");
        var everything = $$"""{"Version":"2012-10-17","Statement":[{"Sid":"Hand","Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::{{lake.Name}}-a/*"]}]}""";
        await minio.AttachAsync("dsm-ana", $"dataspoc-{lake.Name}~user~dsm-ana", everything);
        await minio.AttachAsync("dsm-audrey", $"{lake.Name}-more", everything, $"dataspoc-{lake.Name}~user~dsm-audrey");
        using (var s3 = new DataSpoc.Contracts.Storage.S3.S3Access(BucketUri.Parse($"s3://{lake.Name}-a"), TestLake.Credentials(lake.Server.Alice)))
        {
            var anybody = $$"""{"Version":"2012-10-17","Statement":[{"Sid":"Anybody","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{{lake.Name}}-a/gold/*"]}]}""";
            await s3.TryAsync((client, attempt) => client.PutBucketPolicyAsync(new() { BucketName = $"{lake.Name}-a", Policy = anybody }, attempt), Cancel);
        }
        var plan = await lake.DoAsync("plan");
        Assert.Contains("statement: `Anybody`, which is not from platform.yaml → removed", plan.Out, StringComparison.Ordinal);
        Assert.Contains("+ dsm-ana (analyst of sales) gains read, list, write, delete: .dataspoc/lens/ gold/", plan.Out, StringComparison.Ordinal);
        Assert.Contains($"~ dsm-ana   by the policy `dataspoc-{lake.Name}~user~dsm-ana`\n    statement: `Hand`, which is not from platform.yaml → removed\n", plan.Out, StringComparison.Ordinal);
        Assert.Contains($"warning: user `dsm-audrey` also has the policy `{lake.Name}-more`, which may reach `{lake.Name}-a`, is not from platform.yaml, and stays", plan.Error, StringComparison.Ordinal);
        await lake.DoAsync("apply", "--yes", "-q");
        await lake.DoAsync("plan", "--check");
        Assert.Contains($"{lake.Name}-more", await minio.AttachedAsync("dsm-audrey"));
    }

    [Fact]
    public async Task Plan_WhereTheServerIsNotAsDeclared_SaysSo()
    {
        using var minio = await MinioServer.StartAsync();
        await using (var lake = new TestLake("ceph", minio.Endpoint))
        {
            lake.Declare(Lake);
            var run = await lake.RunAsync("plan");
            Assert.Equal(2, run.Exit);
            Assert.Contains("error: the server is MinIO, but platform.yaml says `server: ceph`\n", run.Error, StringComparison.Ordinal);
        }
        await using var other = new TestLake("minio");
        other.Declare(Lake);
        var ceph = await other.RunAsync("plan");
        Assert.Equal(2, ceph.Exit);
        Assert.Contains("error: the server does not answer as MinIO does: 404 NotFound", ceph.Error, StringComparison.Ordinal);
    }
}
