using DataSpoc.Platform.Declaration;
using Xunit;

namespace Platform.Tests.Declaration;

public sealed class ValidateTests : IDisposable
{
    private const string Lake = """
        lake: shop
        server: ceph
        teams:
          sales: { data_engineer: [pipe], analyst: [ana] }
          web: { analyst: [wim] }
        buckets:
          shop-sales: { team: sales, layers: [raw, gold] }

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Init_WritesAFileThatIsRight_AndNeverOverOne()
    {
        Assert.Equal(0, (await RunAsync("init")).Exit);
        Assert.Equal(InitCommand.Text(), File.ReadAllText(Path.Combine(_folder.FullName, "platform.yaml")));
        Assert.Equal(0, (await RunAsync("validate")).Exit);
        var again = await RunAsync("init");
        Assert.Equal(2, again.Exit);
        Assert.StartsWith("error: there is a `platform.yaml` already\n", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_WithoutAFile_SaysHowToGetOne() =>
        Assert.Contains("hint: `platform init` writes one", (await RunAsync("validate")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Validate_ShowsWhoMayDoWhat()
    {
        Write(Lake);
        var (exit, output, _) = await RunAsync("validate", "-o", "csv");
        Assert.Equal(0, exit);
        Assert.Equal(
            """
            bucket,principal,roles,actions,prefixes
            shop-sales,ana,analyst of sales,"read, list, write, delete",.dataspoc/lens/ gold/
            shop-sales,ana,analyst of sales,"read, list",.dataspoc/manifest.json raw/
            shop-sales,pipe,data_engineer of sales,see uploads,(whole bucket)
            shop-sales,pipe,data_engineer of sales,"read, list, write, delete",.dataspoc/logs/ .dataspoc/manifest.json .dataspoc/state/ quarantine/ raw/

            """,
            output);
    }

    [Theory]
    [InlineData("analyst: [ana]", "analyst: [\"*\"]", "error: the principal `*` has a wildcard: it would let in people whom nobody named\n  file   platform.yaml, line 4, column ")]
    [InlineData("analyst: [ana]", "analist: [ana]", "error: `analist` is not a role\n  file   platform.yaml, line 4, column 45\n  hint: did you mean `analyst`?")]
    [InlineData("team: sales,", "team: sale,", "error: there is no team `sale`\n  file   platform.yaml, line 7, column 23\n  hint: did you mean `sales`?")]
    [InlineData("shop-sales:", "Shop_Sales:", "error: the bucket's name `Shop_Sales` has other characters than lower-case letters")]
    [InlineData("shop-sales:", "192.168.5.4:", "looks like an IP address")]
    [InlineData("shop-sales:", "s3://shop/sales:", "a permission boundary is one whole bucket")]
    [InlineData("shop-sales:", "shop-*:", "the bucket's name `shop-*` has a wildcard")]
    [InlineData("layers: [raw, gold]", "layers: [raw, silver]", "must be raw, curated, gold or ml, not `silver`")]
    [InlineData("layers: [raw, gold]", "layers: [raw], lifecycle: { logs: 36h }", "error: `lifecycle.logs` is not a number of whole days")]
    [InlineData("layers: [raw, gold]", "layers: [raw], retention: 30d", "`retention` needs old versions to be kept")]
    [InlineData("layers: [raw, gold]", "layers: [raw], kms_key: k", "`kms_key` is given, but `encryption` is not `sse-kms`")]
    [InlineData("layers: [raw, gold]", "layers: [raw], readers: { webb: [analyst] }", "there is no team `webb`")]
    [InlineData("layers: [raw, gold]", "layers: [raw], owner: x", "`owner` is not a known key of `buckets.shop-sales`")]
    [InlineData("layers: [raw, gold]", "layers: [raw], versioning: true", "error: Ceph does not keep the conditions of writes in a bucket with `versioning`")]
    [InlineData("server: ceph", "server: aws", "error: `ana` is in no account\n  file   platform.yaml, line 4, column 45\n  hint: give `account:` its 12 digits")]
    public async Task Validate_NamesWhatIsWrongAndWhere(string right, string wrong, string error)
    {
        Write(Lake.Replace(right, wrong, StringComparison.Ordinal));
        var run = await RunAsync("validate");
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ prefix: \"gold/*\", allow: [read] }", "the prefix `gold/*` of role `own` has a wildcard")]
    [InlineData("{ prefix: gold, allow: [read] }", "does not end with `/`, and would also hold its neighbours")]
    [InlineData("{ prefix: gold/a.b-, allow: [read] }", "does not end with `/`, and would also hold its neighbours")]
    [InlineData("{ prefix: ../x/, allow: [read] }", "is not a path relative to the bucket")]
    [InlineData("{ prefix: .dataspoc/, allow: [write] }", "role `own` could write what `pipe` and `lens` write: `.dataspoc/`")]
    [InlineData("{ prefix: raw/x/, allow: [write] }, { prefix: gold/, allow: [delete] }", "role `own` could write what `lens` writes (`gold/`) beside what `pipe` writes (`raw/x/`)")]
    [InlineData("{ prefix: gold/, allow: [read] }, { prefix: gold/sales/, allow: [read] }", "`gold/sales/` and `gold/` of role `own` overlap, both with read")]
    public async Task Validate_OfAnOwnRole_RefusesWhatReachesTooFar(string rules, string error)
    {
        Write(Lake + $"roles:\n  own: [{rules}]\n");
        var run = await RunAsync("validate");
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group/x", "is a group, which the policy of a bucket cannot name")]
    [InlineData("arn:aws:iam::123456789012:group/x", "is a group, which the policy of a bucket cannot name")]
    [InlineData("team/x", "is neither a user nor a role")]
    [InlineData("role/", "is neither a user nor a role")]
    [InlineData("arn:aws:iam::12:user/x", "is in no AWS account: its number has 12 digits")]
    [InlineData("arn:aws-cn:iam::123456789012:user/x", "is of the partition `aws-cn`, whose buckets have other ARNs than platform writes")]
    public async Task Validate_OnAws_RefusesWhomNoPolicyOfABucketCanName(string principal, string says)
    {
        Write(Lake.Replace("server: ceph", "server: aws\naccount: \"123456789012\"", StringComparison.Ordinal).Replace("[ana]", $"[\"{principal}\"]", StringComparison.Ordinal));
        var run = await RunAsync("validate");
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error: the principal `{principal}` {says}\n  file   platform.yaml, line 5, column 45\n  hint: write a user (`ana`), or a role", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_OnAws_WarnsOfWhomThePolicyOfABucketDoesNotLetInAlone()
    {
        Write(Lake.Replace("server: ceph", "server: aws\naccount: \"123456789012\"", StringComparison.Ordinal)
            .Replace("[ana]", "[\"arn:aws:iam::999999999999:user/tv\", \"arn:aws:iam::123456789012:root\", \"arn:aws:sts::123456789012:assumed-role/etl/s\"]", StringComparison.Ordinal));
        var run = await RunAsync("validate");
        Assert.Equal(0, run.Exit);
        Assert.Contains("warning: `arn:aws:iam::999999999999:user/tv` is of another account (999999999999), which must let its own principals in, too; the policies of the buckets alone do not\n  hint: `platform render --to aws-iam`", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: `arn:aws:iam::123456789012:root` is a whole account", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Split("warning: ").Length - 1);
    }

    [Fact]
    public async Task Validate_OfTwoBoundariesInOneBucket_RefusesIt()
    {
        Write(Lake + "  second: { name: shop-sales, team: web, layers: [raw] }\n");
        Assert.Contains("two permission boundaries overlap: `shop-sales` is named twice\n  file   platform.yaml, line 8, column 19", (await RunAsync("validate")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_ShowsEveryErrorAtOnce()
    {
        Write(Lake.Replace("analyst: [ana]", "analist: [\"a*\"]", StringComparison.Ordinal).Replace("shop-sales:", "X:", StringComparison.Ordinal));
        Assert.Equal(3, (await RunAsync("validate")).Error.Split("error: ").Length - 1);
    }

    [Fact]
    public async Task Validate_OfAPolicyBeyond20KB_SaysHowLargeItIs()
    {
        var people = string.Join(", ", Enumerable.Range(0, 400).Select(static i => $"analyst-number-{i}-of-the-large-team"));
        Write(Lake.Replace("[ana]", $"[{people}]", StringComparison.Ordinal));
        var run = await RunAsync("validate");
        Assert.Equal(2, run.Exit);
        Assert.Matches(@"the policy of bucket `shop-sales` has \d+\u202f\d+ bytes; S3 takes 20\u202f480", run.Error);
    }

    [Fact]
    public async Task Readers_GetTheReadingHalfOfTheirRole()
    {
        Write(Lake.Replace("layers: [raw, gold]", "layers: [raw, gold], readers: { web: [analyst] }", StringComparison.Ordinal));
        var rows = (await RunAsync("validate", "-o", "csv")).Out.Split('\n').Where(static row => row.Contains(",wim,", StringComparison.Ordinal));
        Assert.All(rows, static row => Assert.Contains("\"read, list\"", row, StringComparison.Ordinal));
        Assert.NotEmpty(rows);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder.FullName, "platform.yaml"), text);

    private Task<PlatformRun> RunAsync(params string[] args) => PlatformRun.OfAsync(_folder.FullName, args);
}
