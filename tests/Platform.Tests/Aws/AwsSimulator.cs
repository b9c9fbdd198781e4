using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Tests;
using Xunit;

namespace Platform.Tests.Aws;

/// <summary>Whether AWS would allow a call.</summary>
/// <param name="Principal">Who calls, an ARN; null is somebody without credentials.</param>
/// <param name="Identity">The name of the policy that this principal has attached, or null.</param>
/// <param name="Bucket">Where.</param>
/// <param name="Action">As IAM names it: <c>s3:GetObject</c>.</param>
/// <param name="Key">The object; null is the bucket itself.</param>
/// <param name="Prefix">What <c>s3:prefix</c> is in a call that lists; null where it is not there.</param>
/// <param name="Expected">What should be answered.</param>
/// <param name="Tls">Whether the call comes by TLS.</param>
internal sealed record AwsQuestion(string? Principal, string? Identity, string Bucket, string Action, string? Key, string? Prefix, bool Expected, bool Tls = true);

/// <summary>A simulator of AWS's policy evaluation that is not ours (npm's @cloud-copilot/iam-simulate, tests/services/install.sh).</summary>
internal static class AwsSimulator
{
    /// <summary>The questions that are answered otherwise than expected, one a line, or what is wrong with a policy; empty where nothing is.</summary>
    /// <param name="account">The account of the buckets.</param>
    /// <param name="buckets">The buckets' policies, as JSON; null where one has none.</param>
    /// <param name="policies">Policies of principals, by name.</param>
    /// <param name="questions">What is asked.</param>
    public static async Task<string> DifferencesAsync(string account, IReadOnlyDictionary<string, string?> buckets, JsonObject policies, IReadOnlyList<AwsQuestion> questions)
    {
        Assert.NotEmpty(questions);
        var asked = new JsonObject
        {
            ["buckets"] = new JsonObject(buckets.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject { ["account"] = account, ["policy"] = pair.Value is null ? null : JsonNode.Parse(pair.Value) }))),
            ["policies"] = policies.DeepClone(),
            ["questions"] = new JsonArray([.. questions.Select(Asked)]),
        };
        var answers = JsonNode.Parse(await RunAsync(asked.ToJsonString()))!.AsArray();
        Assert.Equal(questions.Count, answers.Count);
        return string.Join('\n', questions.Zip(answers).Where(static pair => pair.Second!.GetValueKind() == JsonValueKind.String || pair.Second.GetValue<bool>() != pair.First.Expected)
            .Take(20).Select(static pair => $"{pair.Second!.ToJsonString()}: {pair.First}"));
    }

    private static JsonObject Asked(AwsQuestion question)
    {
        var context = new JsonObject { ["aws:SecureTransport"] = question.Tls ? "true" : "false" };
        if (question.Prefix is not null)
            context["s3:prefix"] = question.Prefix;
        return new() { ["principal"] = question.Principal, ["identity"] = question.Identity, ["bucket"] = question.Bucket, ["action"] = question.Action, ["key"] = question.Key, ["context"] = context };
    }

    private static async Task<string> RunAsync(string asked)
    {
        var home = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(home!.FullName, "global.json")))
            home = home.Parent;
        var script = Path.Combine(home.FullName, "tests", "services", "aws", "simulate.mjs");
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules", "@cloud-copilot", "iam-simulate")))
            TestServers.Missing("the simulator of AWS's policies is not installed; run `tests/run`, or `npm install --no-save --ignore-scripts` in tests/services/aws first");
        var cancel = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo("node", [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync(asked);
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, await error);
        return said;
    }
}
