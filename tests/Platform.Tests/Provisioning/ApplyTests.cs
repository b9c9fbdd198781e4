using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Platform.Access;
using DataSpoc.Platform.Provisioning;
using Xunit;

namespace Platform.Tests.Provisioning;

/// <summary>Plan, apply and destroy on the real server.</summary>
public sealed class ApplyTests
{
    /// <summary>A lake, and what it is to become: people lose, gain and change roles, a bucket goes and one comes.</summary>
    internal const string Before = """
        teams:
          sales: { data_engineer: [pipe], analyst: [ana] }
        buckets:
          LAKE-a: { team: sales, layers: [raw, gold] }
          LAKE-b: { team: sales, layers: [gold] }
        """;

    internal const string After = """
        teams:
          sales: { data_engineer: [pipe], analyst: [bea], auditor: [ana] }
        buckets:
          LAKE-a: { team: sales, layers: [raw, gold], lifecycle: { logs: 30d } }
          LAKE-c: { team: sales, layers: [gold] }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_MakesItSo_AndThenThereIsNothingToDo()
    {
        await using var lake = new TestLake();
        lake.Declare(Before);
        Assert.Equal(3, (await lake.RunAsync("plan", "--check")).Exit);
        await lake.DoAsync("apply", "--yes");
        var plan = await lake.DoAsync("plan", "--check");
        Assert.Equal($"nothing to change: 2 buckets of `{lake.Name}` are as declared\n", plan.Out);

        lake.Declare(After);
        Assert.Equal(
            $"""
            ~ {lake.Name}-a   of team sales
                lifecycle: logs 90 d, incomplete uploads 1 d → logs 30 d, incomplete uploads 1 d
                - ana (auditor of sales) loses write, delete: .dataspoc/lens/
                - ana (auditor of sales) loses read, write, delete: gold/
                - ana (auditor of sales) loses read: raw/
                + ana (auditor of sales) gains read, list: .dataspoc/
                + ana (auditor of sales) gains list: quarantine/
                + bea (analyst of sales) gains read, list, write, delete: .dataspoc/lens/ gold/
                + bea (analyst of sales) gains read, list: .dataspoc/manifest.json raw/

            + {lake.Name}-c   new bucket of team sales
                lake: {lake.Name}
                lifecycle: logs 90 d, incomplete uploads 1 d
                + ana (auditor of sales) gains read, list: .dataspoc/
                + ana (auditor of sales) gains list: gold/
                + bea (analyst of sales) gains read, list, write, delete: .dataspoc/lens/ gold/

            - {lake.Name}-b   is removed: platform.yaml does not have it
                - ana (auditor of sales) loses read, list, write, delete: .dataspoc/lens/ gold/

            plan: 1 to create, 1 to change, 1 to remove; 2 principals gain, 1 loses

            """, (await lake.DoAsync("plan")).Out);
        var rows = (await lake.DoAsync("plan", "-o", "csv")).Out;
        Assert.Contains($"{lake.Name}-a,change,lifecycle,,\"logs 90 d, incomplete uploads 1 d\",\"logs 30 d, incomplete uploads 1 d\"", rows, StringComparison.Ordinal);
        Assert.Contains($"{lake.Name}-a,change,gains,bea,,\"read, list, write, delete: .dataspoc/lens/ gold/\"", rows, StringComparison.Ordinal);
        Assert.Contains($"{lake.Name}-b,remove,loses,ana,\"read, list, write, delete: .dataspoc/lens/ gold/\",", rows, StringComparison.Ordinal);
        Assert.Contains($"{lake.Name}-c,create,lake,,none,{lake.Name}", rows, StringComparison.Ordinal);

        await lake.DoAsync("apply", "--yes");
        await lake.DoAsync("plan", "--check");
        Assert.DoesNotContain((await lake.PolicyAsync("a")).Grants.All, static grant => grant.Principal.EndsWith("/ana", StringComparison.Ordinal) && (grant.Actions & Actions.Write) != 0);
        await lake.DoAsync("destroy", "--yes");
        Assert.Empty(await lake.Admin.BucketsOfAsync(lake.Name, Cancel));
    }

    [Fact]
    public async Task Apply_RemovesNoBucketWithData_UnlessItIsNamed()
    {
        await using var lake = new TestLake();
        lake.Declare(Before);
        await lake.DoAsync("apply", "--yes", "-q");
        await using (var store = ObjectStores.Open(BucketUri.Parse($"s3://{lake.Name}-b")))
            await store.PutAsync("gold/x", new byte[] { 1 }, WriteCondition.None, Cancel);
        lake.Declare(After);

        var refused = await lake.RunAsync("apply", "--yes");
        Assert.Equal(3, refused.Exit);
        Assert.Contains($"error: bucket `{lake.Name}-b` holds 1 object and is not removed\n", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"hint: `--allow-data-loss {lake.Name}-b` deletes the bucket with everything in it", refused.Error, StringComparison.Ordinal);
        Assert.Contains((await lake.PolicyAsync("b")).Grants.All, static grant => grant.Principal.EndsWith("/ana", StringComparison.Ordinal));
        Assert.Equal(2, (await lake.RunAsync("apply", "--yes", "--allow-data-loss", $"{lake.Name}-b", "--allow-data-loss", "other")).Exit);

        await lake.DoAsync("apply", "--yes", "--allow-data-loss", $"{lake.Name}-b");
        Assert.Null(await lake.Admin.ReadAsync($"{lake.Name}-b", count: false, Cancel));
    }

    [Fact]
    public async Task Plan_ShowsStatementsThatNobodyDeclared_AndApplyRemovesThem()
    {
        await using var lake = new TestLake();
        lake.Declare(Before);
        await lake.DoAsync("apply", "--yes", "-q");
        var there = await lake.PolicyAsync("a");
        var everybody = $$"""{"Sid":"Everybody","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{{lake.Name}}-a/*"}""";
        await lake.Admin.SetPolicyAsync($"{lake.Name}-a", there with { Foreign = [new("Everybody", false, everybody)] }, Cancel);
        Assert.Contains("statement: `Everybody`, which is not from platform.yaml → removed", (await lake.DoAsync("plan")).Out, StringComparison.Ordinal);
        await lake.DoAsync("apply", "--yes");
        Assert.Empty((await lake.PolicyAsync("a")).Foreign);
    }

    [Fact]
    public async Task TwoAppliesAtOnce_EndOrSayWhatIsLeft_AndAnotherOneFinishes()
    {
        await using var lake = new TestLake();
        lake.Declare(Before);
        await lake.DoAsync("apply", "--yes", "-q");
        lake.Declare(After);
        await lake.ApplyTwiceAtOnceAsync();
    }

    [Fact]
    public async Task Apply_ToABucketOfSomebodyElses_OrWithoutTheRightToSetPolicies_SaysSo()
    {
        await using var lake = new TestLake();
        lake.Declare(Before);
        await lake.DoAsync("apply", "--yes", "-q");
        using var bob = new S3BucketAdministration(lake.Name, TestLake.Credentials(lake.Server.Bob));
        var stranger = await Assert.ThrowsAsync<UserError>(() => bob.ReadAsync($"{lake.Name}-a", count: false, Cancel));
        Assert.Equal($"bucket `{lake.Name}-a` belongs to somebody else, or these credentials may not administer it", stranger.What);
        Assert.Equal(ExitCode.NotPermitted, stranger.ExitCode);
        var taken = await Assert.ThrowsAsync<UserError>(() => bob.CreateAsync($"{lake.Name}-a", objectLock: false, Cancel));
        Assert.Equal($"the name `{lake.Name}-a` is taken by a bucket of somebody else's", taken.What);
        var denied = await Assert.ThrowsAsync<UserError>(() => bob.SetPolicyAsync($"{lake.Name}-a", BucketPolicy.None with { TlsOnly = true }, Cancel));
        Assert.Equal(ExitCode.NotPermitted, denied.ExitCode);
        Assert.Contains("s3:PutBucketPolicy", denied.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_OfABucketOfAnotherLake_Refuses()
    {
        await using var lake = new TestLake();
        lake.Declare(Before);
        await lake.DoAsync("apply", "--yes", "-q");
        var yaml = Path.Combine(lake.Folder, "platform.yaml");
        File.WriteAllText(yaml, File.ReadAllText(yaml).Replace($"lake: {lake.Name}", "lake: other", StringComparison.Ordinal));
        var run = await lake.RunAsync("apply", "--yes");
        Assert.Equal(3, run.Exit);
        Assert.Contains($"belongs to the lake `{lake.Name}`, not to `other`", run.Error, StringComparison.Ordinal);
    }
}
