using DataSpoc.Platform.Access;
using DataSpoc.Platform.Minio;
using DataSpoc.Platform.Provisioning;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Platform.Tests.Minio;

/// <summary>Policies of users, their names, and what <c>platform.yaml</c> may say for MinIO.</summary>
public sealed class MinioPolicyTests
{
    private const string Ana = "arn:aws:iam:::user/ana";

    [Fact]
    public void Name_OfALakeAndAnAccount_IsReadBackAsThatAccountOfThatLakeOnly()
    {
        var lakes = Gen.Elements("a", "a-b", "a.b", "dataspoc-a", "a_user");
        var names = from parts in Gen.Elements("a", "-", "~", "user", "group", "/", "~7e", ".", "ü", "@x.org", "%2F", "+").NonEmptyListOf() select string.Concat(parts);
        var accounts = from name in names from isGroup in Gen.Elements(true, false) select new MinioAccount(name, isGroup);
        var pairs = from lake in lakes from other in lakes from account in accounts select (lake, other, account);
        Prop.ForAll(pairs.ToArbitrary(), static one =>
        {
            var name = MinioPolicyName.Of(one.lake, one.account);
            Assert.Equal(one.account, MinioPolicyName.Read(one.lake, name));
            Assert.True(one.lake == one.other || MinioPolicyName.Read(one.other, name) is null);
            Assert.Matches("^[A-Za-z0-9._@~-]+$", name);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("dataspoc-a~user~")]
    [InlineData("dataspoc-a~user~x~2")]
    [InlineData("dataspoc-a~user~x~41")]
    [InlineData("dataspoc-a~role~x")]
    [InlineData("a~user~x")]
    public void Name_ThatWeWouldNotHaveWritten_IsNotOurs(string name) => Assert.Null(MinioPolicyName.Read("a", name));

    [Fact]
    public void Policy_OfSeveralBuckets_IsReadBackAsItIs()
    {
        var grant = from prefix in Gen.Elements("raw/", "gold/", "gold/sales/", ".dataspoc/manifest.json", "ml/state/requests-")
                    from actions in Gen.Choose(1, 31)
                    select new Grant(Ana, prefix, (Actions)actions);
        var lake = from first in grant.NonEmptyListOf() from second in grant.NonEmptyListOf() from tls in Gen.SubListOf("one", "two") select (first, second, tls);
        Prop.ForAll(lake.ToArbitrary(), static one =>
        {
            var policy = new UserPolicy(new Dictionary<string, Grants> { ["one"] = new(one.first), ["two"] = new(one.second) }, [.. one.tls], []);
            var read = PolicyReader.ReadOfUser(policy.Json()!, Ana);
            Assert.Empty(read.Foreign);
            Assert.Equal(policy.Json(), read.Json());
            Assert.Equal(policy.In("two").All, read.In("two").All);
            Assert.Equal(one.tls.Order(StringComparer.Ordinal), read.TlsOnly.Order(StringComparer.Ordinal));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::*"]}""", true)]
    [InlineData("""{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::acme-*/gold/*"]}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-sales/x"}""", true)]
    [InlineData("""{"Effect":"Allow","NotAction":["s3:GetObject"],"Resource":["arn:aws:s3:::acme-sales"]}""", true)]
    [InlineData("""{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::acme-salesman/*"]}""", false)]
    [InlineData("""{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::other/*"]}""", false)]
    [InlineData("""{"Effect":"Deny","Action":["s3:*"],"Resource":["arn:aws:s3:::*"]}""", false)]
    [InlineData("""{"Effect":"Allow","Action":["admin:ServerInfo"]}""", false)]
    public void OtherPolicy_ReachesABucket_WhereItsResourcesCanMatch(string statement, bool reaches) =>
        Assert.Equal(reaches, new OtherPolicy("other", $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""").Reaches("acme-sales"));

    [Theory]
    [InlineData("role/etl", "is neither a user nor a group, and MinIO has nothing else")]
    [InlineData("arn:aws:iam::123456789012:user/ana", "is an ARN; MinIO knows users and groups by their names")]
    [InlineData("group/", "is neither a user nor a group")]
    public async Task Validate_OfAPrincipalThatMinioCannotHave_RefusesIt(string principal, string says)
    {
        var run = await ValidatedAsync($"server: minio\nteams: {{ sales: {{ analyst: [\"{principal}\"] }} }}");
        Assert.Equal(2, run.Exit);
        Assert.Contains($"the principal `{principal}` {says}", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: write a user's access key (`ana`), or a group (`group/analysts`)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_OfWhatMinioHasNot_SaysSoOnce()
    {
        var run = await ValidatedAsync("server: minio\naccount: \"123456789012\"\ndefaults: { lifecycle: { incomplete_uploads: 3d } }\nteams: { sales: { analyst: [ana] } }", "  other: { team: sales, layers: [gold] }\n");
        Assert.Equal(0, run.Exit);
        Assert.Single(run.Error.Split("warning: `incomplete_uploads` is not set: MinIO removes such uploads by a setting of the server").Skip(1));
        Assert.Contains("warning: `account` says nothing: MinIO has no accounts", run.Error, StringComparison.Ordinal);
    }

    private static async Task<PlatformRun> ValidatedAsync(string yaml, string buckets = "")
    {
        var folder = Directory.CreateTempSubdirectory("platform-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "platform.yaml"), $"lake: acme\n{yaml}\nbuckets:\n  acme-sales: {{ team: sales, layers: [raw, gold] }}\n{buckets}");
            return await PlatformRun.OfAsync(folder.FullName, "validate");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
