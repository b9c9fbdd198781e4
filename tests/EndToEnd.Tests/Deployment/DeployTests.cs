using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DataSpoc.Tests;
using Platform.Tests.Provisioning;
using Xunit;

namespace EndToEnd.Tests.Deployment;

/// <summary><c>platform deploy</c> with the real <c>ml serve</c>, on the real S3 server.</summary>
public sealed partial class DeployTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploy_OfAModel_WithItsOwnRolesCredentials_ComesBackWhenItsProcessIsKilled_AndKeepsItsLog()
    {
        using var folder = new TemporaryFolder();
        await using var s3 = new S3Bucket();
        await s3.MakeAsync();
        folder.Write("days.csv", "id,weather,late\n" + string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},{(i * 7 % 5 < 2 ? "rain" : "sun")},{(i * 7 % 5 < 2 == i % 11 > 1 ? "true" : "false")}\n")));
        var owner = new Lake($"s3://{s3.Name}", folder.Path, s3.Server.EnvironmentOf(s3.Server.Alice));
        await owner.IngestAsync("./days.csv", "shop/days");
        await owner.DoAsync("ml", "train", "--from", "raw.shop_days", "--target", "late", "--trials", "1", "--bucket", owner.Bucket);
        await owner.DoAsync("ml", "promote", "late", "1", "--to", "prod", "--bucket", owner.Bucket);
        var role = owner with { Environment = s3.Server.EnvironmentOf(await TestUsers.MakeAsync(s3.Server, "dse-late", Cancel)) };
        await role.FailsAsync(4, ["error: `ml serve` ended with exit code 4 before it was ready\n", "s3:"], "platform", "deploy", "late@prod", "--bucket", owner.Bucket, "--port", "0");

        // the policy of the model's service account, and nothing else
        var policy = JsonNode.Parse(await owner.DoAsync("platform", "deploy", "late@prod", "--bucket", owner.Bucket, "--render", "aws-iam", "--log"))!;
        foreach (var statement in policy["Statement"]!.AsArray())
            statement!["Principal"] = new JsonObject { ["AWS"] = "arn:aws:iam:::user/dse-late" };
        // what a role wrote is the role's, on Ceph: so that the bucket's owner reads it
        policy["Statement"]!.AsArray().Add(JsonNode.Parse($$"""{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/alice"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::{{s3.Name}}/*"]}"""));
        await s3.AllowAsync(policy.ToJsonString());
        await role.FailsAsync(2, ["error: `ml serve` ended with exit code 2 before it was ready\n", "aliases: "], "platform", "deploy", "late@staging", "--bucket", owner.Bucket, "--port", "0");

        using var deployed = Deployed.Start(role);
        var first = await deployed.ReadyAsync();
        using var client = new HttpClient();
        await PredictAsync(client, deployed.Address!);
        using (var taken = ToolProcess.Start("platform", ["deploy", "late@prod", "--bucket", owner.Bucket, "--port", new Uri(deployed.Address!).Port.ToString(CultureInfo.InvariantCulture)], role.Environment, folder.Path))
        {
            Assert.Contains("of 127.0.0.1 is taken", await taken.StandardError.ReadToEndAsync(Cancel), StringComparison.Ordinal);
            await taken.WaitForExitAsync(Cancel);
        }

        Process.GetProcessById(first).Kill();
        var second = await deployed.ReadyAsync();
        Assert.NotEqual(first, second);
        await PredictAsync(client, deployed.Address!);

        var (exit, said) = await deployed.EndAsync();
        Assert.True(exit == 0, said);
        Assert.Contains("done: `late@prod` is stopped; requests that were running are answered", said, StringComparison.Ordinal);
        Assert.DoesNotContain("not logged", said, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(second));
        // what the second process answered was written before it ended
        Assert.Equal("true", await owner.RowsAsync("select count(*) > 0 from monitoring.late_requests"));

        // killed without a chance to do anything, it does not leave its server behind
        using var killed = Deployed.Start(role);
        _ = await killed.ReadyAsync();
        await PredictAsync(client, killed.Address!);
        Assert.Contains("done: requests that were running are answered", await killed.KilledAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_WithoutMl_SaysHowToGetIt()
    {
        using var folder = new TemporaryFolder();
        var run = await ToolProcess.RunAsync("platform", ["deploy", "late@prod", "--bucket", "./lake"], new Dictionary<string, string?> { ["PLATFORM_ML"] = "/nowhere/ml" }, folder.Path);
        Assert.Equal((1, "error: the program `ml` is not installed\n  PLATFORM_ML   /nowhere/ml\n  hint: dotnet tool install --global DataSpoc.Ml, or say where it is with PLATFORM_ML\n"), (run.ExitCode, run.Error));
    }

    private static async Task PredictAsync(HttpClient client, string address)
    {
        using var answer = await client.PostAsJsonAsync(new Uri(address), new { weather = "rain" }, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>A <c>platform deploy</c> that runs, and what it has said so far.</summary>
    private sealed class Deployed(Process process) : IDisposable
    {
        private readonly List<string> _said = [];

        public string? Address { get; private set; }

        public static Deployed Start(Lake lake) => new(ToolProcess.Start("platform", ["deploy", "late@prod", "--bucket", lake.Bucket, "--port", "0", "--log"], lake.Environment, lake.Folder));

        /// <summary>The process that is ready next.</summary>
        public async Task<int> ReadyAsync()
        {
            while (await process.StandardError.ReadLineAsync(Cancel) is { } line)
            {
                _said.Add(line);
                if (Answering().Match(line) is { Success: true } answering)
                    Address = answering.Groups[1].Value;
                if (Ready().Match(line) is { Success: true } ready)
                    return int.Parse(ready.Groups[1].Value, CultureInfo.InvariantCulture);
            }
            throw new InvalidOperationException($"it ended: {string.Join('\n', _said)}");
        }

        public async Task<(int Exit, string Said)> EndAsync()
        {
            Assert.Equal(0, Kill(process.Id, 15));
            _said.Add(await process.StandardError.ReadToEndAsync(Cancel));
            await process.WaitForExitAsync(Cancel);
            return (process.ExitCode, string.Join('\n', _said));
        }

        /// <summary>What the server said after SIGKILL of the program that watched it: it holds the same stderr, which ends when both have.</summary>
        public async Task<string> KilledAsync()
        {
            Assert.Equal(0, Kill(process.Id, 9));
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            enough.CancelAfter(TimeSpan.FromMinutes(2));
            return await process.StandardError.ReadToEndAsync(enough.Token);
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }

    [GeneratedRegex(@"answers at (http://\S+/predict)")]
    private static partial Regex Answering();

    [GeneratedRegex("`ml serve` is ready: process ([0-9]+)$")]
    private static partial Regex Ready();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
