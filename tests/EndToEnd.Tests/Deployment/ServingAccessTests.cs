using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using Platform.Tests.Provisioning;
using Xunit;

namespace EndToEnd.Tests.Deployment;

/// <summary>What the role of a served model may do with its rendered policy and its own keys, tried on the real S3 server.</summary>
public sealed class ServingAccessTests
{
    // of each prefix of the contract something, and beside what is served what begins with the same letters
    private static readonly string[] Keys =
    [
        "ml/models/late/x", "ml/models/late2/x", "ml/models/other/x", "ml/models/late_requests/x", "ml/features/customers/x", "ml/features/customers2/x", "ml/features/other/x", "ml/predictions/late/x",
        "ml/monitoring/late/x", "ml/monitoring/late_requests/x", "ml/monitoring/late_requests2/x", "ml/monitoring/other_requests/x", ".dataspoc/ml/manifest.json", ".dataspoc/ml/state/requests-late/x",
        ".dataspoc/ml/state/requests-late2/x", ".dataspoc/ml/state/late/x", ".dataspoc/ml/logs/x", "raw/shop/days/x", "curated/parcels/x", "gold/x", "quarantine/x",
        ".dataspoc/manifest.json", ".dataspoc/state/x", ".dataspoc/logs/x", ".dataspoc/lens/manifest.json", "x",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "read .dataspoc/ml/manifest.json, read ml/features/customers/, read ml/models/late/")]
    [InlineData("--log", "read .dataspoc/ml/manifest.json, read .dataspoc/ml/state/requests-late/, read ml/features/customers/, read ml/models/late/, read ml/monitoring/late_requests/, " +
        "list ml/models/late_requests/, write .dataspoc/ml/manifest.json, write .dataspoc/ml/state/requests-late/, write ml/monitoring/late_requests/")]
    public async Task Role_OfAServedModelWithAView_MayDoWhatServingNeeds_AndNothingElse(string log, string expected)
    {
        await using var bucket = new S3Bucket();
        var user = await TestUsers.MakeAsync(bucket.Server, "dse-serve", Cancel);
        await bucket.MakeAsync();
        await using var owner = bucket.Open();
        await using var role = bucket.Open(user: user);
        foreach (var key in Keys)
            await owner.PutAsync(key, Encoding.UTF8.GetBytes(key), WriteCondition.None, Cancel);

        string[] model = ["deploy", "late@prod", "--bucket", $"s3://{bucket.Name}", "--features", "customers", .. log.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--render", "aws-iam"];
        var rendered = await ToolProcess.RunAsync("platform", model, new Dictionary<string, string?>(), Path.GetTempPath());
        Assert.True(rendered.ExitCode == 0, rendered.Error);
        var policy = JsonNode.Parse(rendered.Output)!;
        foreach (var statement in policy["Statement"]!.AsArray())
            statement!["Principal"] = new JsonObject { ["AWS"] = "arn:aws:iam:::user/dse-serve" };
        await bucket.AllowAsync(policy.ToJsonString());

        var may = new List<string>();
        foreach (var key in Keys)
        {
            var place = key.EndsWith(".json", StringComparison.Ordinal) ? key : key[..(key.LastIndexOf('/') + 1)];
            if (await DoesAsync(() => role.GetAsync(key, Cancel)))
                may.Add($"read {place}");
            if (await DoesAsync(() => role.ListAsync(place, null, Cancel).ToListAsync(Cancel).AsTask()))
                may.Add($"list {place}");
            if (await DoesAsync(() => role.PutAsync(key, Encoding.UTF8.GetBytes(key), WriteCondition.None, Cancel)))
                may.Add($"write {place}");
            if (await DoesAsync(async () => { await role.DeleteAsync([key], Cancel); return true; }))
                may.Add($"delete {place}");
        }
        // whatever is read is listed too
        var all = expected.Split(", ").Concat(expected.Split(", ").Where(static what => what.StartsWith("read ", StringComparison.Ordinal)).Select(static what => "list" + what[4..]));
        Assert.Equal(all.Order(StringComparer.Ordinal), may.Order(StringComparer.Ordinal));
    }

    private static async Task<bool> DoesAsync<T>(Func<Task<T>> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (UserError refused) when (refused.ExitCode == ExitCode.NotPermitted)
        {
            return false;
        }
    }
}
