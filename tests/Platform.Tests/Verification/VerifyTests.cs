using DataSpoc.Contracts.Storage;
using Platform.Tests.Provisioning;
using Xunit;

namespace Platform.Tests.Verification;

/// <summary>The matrix of five built-in roles and an own one on the real server, each with its own credentials.</summary>
public sealed class VerifyTests
{
    private static readonly string[] Users = ["dsv-pipe", "dsv-ana", "dsv-dan", "dsv-api", "dsv-audrey", "dsv-board"];

    private const string Lake = """
        roles:
          board: [{ prefix: gold/sales/, allow: [read, list] }]
        teams:
          sales: { data_engineer: [dsv-pipe], analyst: [dsv-ana], data_scientist: [dsv-dan], service: [dsv-api], auditor: [dsv-audrey], board: [dsv-board] }
        buckets:
          LAKE-a: { team: sales, layers: [raw, curated, gold, ml] }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_OfSixRoles_IsAsDeclared_BeforeAndAfterAChangeOfRoles()
    {
        await using var lake = new TestLake();
        await KnowUsersAsync(lake);
        lake.Declare(Lake);
        await lake.DoAsync("apply", "--yes", "-q");
        await using var store = ObjectStores.Open(BucketUri.Parse($"s3://{lake.Name}-a"));
        foreach (var document in new[] { ".dataspoc/manifest.json", ".dataspoc/lens/manifest.json", ".dataspoc/ml/manifest.json" })
            await store.PutAsync(document, "{}"u8.ToArray(), WriteCondition.None, Cancel);

        var before = await lake.DoAsync("verify", "-o", "csv");
        var lines = before.Out.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // anybody and six principals; 17 places of the contract, four prefixes that hold several of them, one of the own role, the runs of a server
        Assert.Equal(1 + (7 * 23), lines.Length);
        Assert.All(lines, static line => Assert.DoesNotContain("should", line, StringComparison.Ordinal));
        // only deleting a document that is there is not tried
        Assert.All(lines.Where(static line => line.Contains(",-", StringComparison.Ordinal)), static line => Assert.Matches(@"manifest\.json,(yes|no),(yes|no),(yes|no),-$", line));
        Assert.Contains($"{lake.Name}-a,dsv-ana,analyst of sales,gold/,yes,yes,yes,yes", lines);
        Assert.Contains($"{lake.Name}-a,dsv-ana,analyst of sales,raw/,yes,yes,no,no", lines);
        Assert.Contains($"{lake.Name}-a,dsv-audrey,auditor of sales,raw/,no,yes,no,no", lines);
        Assert.Contains($"{lake.Name}-a,dsv-board,board of sales,gold/,no,no,no,no", lines);
        Assert.Contains($"{lake.Name}-a,dsv-board,board of sales,gold/sales/,yes,yes,no,no", lines);
        Assert.Contains($"{lake.Name}-a,(anybody),,raw/,no,no,no,no", lines);
        // a server reads models, writes what it answered, and nothing else of ml's
        Assert.Equal(
            [".dataspoc/ml/manifest.json,yes,yes,yes,-", ".dataspoc/ml/state/requests-,yes,yes,yes,no", "ml/features/,yes,yes,no,no", "ml/models/,yes,yes,no,no", "ml/monitoring/,yes,yes,yes,no", "ml/predictions/,yes,yes,no,no"],
            lines.Where(static line => line.Contains(",dsv-api,", StringComparison.Ordinal) && line.Contains(",yes", StringComparison.Ordinal)).Select(line => line[(line.IndexOf("of sales,", StringComparison.Ordinal) + 9)..]));

        lake.Declare(Lake.Replace("[dsv-ana]", "[dsv-x]", StringComparison.Ordinal).Replace("[dsv-dan]", "[dsv-ana]", StringComparison.Ordinal).Replace("[dsv-x]", "[dsv-dan]", StringComparison.Ordinal));
        var between = await lake.RunAsync("verify", "--differences", "-o", "csv");
        Assert.Equal(3, between.Exit);
        Assert.Contains($"{lake.Name}-a,dsv-ana,data_scientist of sales,ml/models/,\"NO, should be yes\",\"NO, should be yes\",\"NO, should be yes\",\"NO, should be yes\"", between.Out, StringComparison.Ordinal);
        Assert.Contains($"{lake.Name}-a,dsv-ana,data_scientist of sales,gold/,yes,yes,\"YES, should be no\",\"YES, should be no\"", between.Out, StringComparison.Ordinal);
        Assert.Matches(@"error: \d+ permissions of 644 are not as declared\n  (has|lacks) +dsv-ana: ", between.Error);

        await lake.DoAsync("apply", "--yes", "-q");
        await lake.DoAsync("verify", "-q");
        // what was there is as it was, and nothing was left
        Assert.Equal([".dataspoc/lens/manifest.json", ".dataspoc/manifest.json", ".dataspoc/ml/manifest.json"], await store.ListAsync("", null, Cancel).Select(static found => found.Key).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Verify_WithoutCredentials_SaysWhoIsNotTried()
    {
        await using var lake = new TestLake();
        await KnowUsersAsync(lake);
        lake.Declare(Lake.Replace("dsv-", "nobody-", StringComparison.Ordinal));
        var run = await lake.RunAsync("verify");
        Assert.Equal(2, run.Exit);
        Assert.Contains("warning: `nobody-ana` is not tried: there is no AWS profile `nobody-ana`", run.Error, StringComparison.Ordinal);
        Assert.Contains("error: nobody's credentials are known, so nothing was tried", run.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean `nobody-ana`?", (await lake.RunAsync("verify", "--profile", "nobody-an=x")).Error, StringComparison.Ordinal);
    }

    /// <summary>Makes the users and an AWS configuration with a profile of each.</summary>
    private static async Task KnowUsersAsync(TestLake lake)
    {
        var profiles = new List<string>();
        foreach (var name in Users)
        {
            var user = await TestUsers.MakeAsync(lake.Server, name, Cancel);
            profiles.Add($"[{name}]\naws_access_key_id = {user.AccessKey}\naws_secret_access_key = {user.SecretKey}\n");
        }
        await File.WriteAllLinesAsync(lake.CredentialsFile, profiles, Cancel);
    }
}
