using System.Diagnostics;
using DataSpoc.Platform.Access;
using Xunit;

namespace Platform.Tests.Provisioning;

/// <summary>The program itself, killed by SIGKILL before each of its calls that change something; between two of these nothing changes, whenever it is killed.</summary>
public sealed class KilledApplyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_KilledAtEachCall_NeverOpensMoreThanBeforeAndAfter_AndIsFinishedByTheNext()
    {
        await using var lake = new TestLake();
        var killed = 0;
        for (var ended = false; !ended; killed++)
        {
            lake.Declare(ApplyTests.Before);
            await lake.DoAsync("apply", "--yes", "-q");
            var allowed = new Dictionary<string, Grants>();
            foreach (var name in new[] { "a", "b", "c" })
                allowed[name] = (await lake.PolicyAsync(name)).Grants;
            lake.Declare(ApplyTests.After);
            foreach (var bucket in Declared.In(lake.Folder).Buckets)
                allowed[bucket.Name[^1..]] = allowed[bucket.Name[^1..]].With(bucket.Grants);

            var (exit, changes) = await ApplyKilledBeforeAsync(lake, killed + 1);
            ended = exit == 0;
            Assert.True(ended || exit == 137, $"exit code {exit} after {string.Join('\n', changes)}");
            foreach (var (name, most) in allowed)
                Assert.Empty((await lake.PolicyAsync(name)).Grants.Without(most).All);

            // it looks at everything once more at its end, and fails where that is not as declared
            await lake.DoAsync("apply", "--yes", "-q");
        }
        Assert.StartsWith("nothing to change", (await lake.DoAsync("plan", "--check")).Out, StringComparison.Ordinal);
        // two policies narrowed, a lifecycle, a bucket made, tagged and kept, two policies given, a bucket removed
        Assert.True(killed > 8, $"only {killed} calls");
    }

    [Theory]
    // as AWS answers; Ceph takes such a principal without a word
    [InlineData(400, "MalformedPolicy", "Invalid principal in policy", 1, "Invalid principal in policy", "if it is a malformed policy, one of its principals does not exist")]
    [InlineData(403, "AccessDenied", "Access Denied", 4, "s3:PutBucketPolicy", "use the credentials of the bucket's owner (AWS_PROFILE), or have them allowed s3:PutBucketPolicy")]
    public async Task Apply_WhosePolicyIsRefused_SaysWhy_AndIsFinishedByTheNext(int status, string code, string message, int exit, string says, string hint)
    {
        await using var lake = new TestLake();
        lake.Declare(ApplyTests.Before);
        using (var proxy = new CountingProxy(lake.Server.Endpoint, static _ => true, call => call.StartsWith("PUT ", StringComparison.Ordinal) && call.EndsWith("?policy", StringComparison.Ordinal) ? new(status, code, message) : null))
        {
            using var process = Start(lake, proxy.Endpoint);
            var error = process.StandardError.ReadToEndAsync(Cancel);
            await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);
            Assert.Equal(exit, process.ExitCode);
            Assert.Contains(says, await error, StringComparison.Ordinal);
            Assert.Contains($"  hint: {hint}", await error, StringComparison.Ordinal);
            Assert.Contains("nobody has more than before and after together; run it again to go on", await error, StringComparison.Ordinal);
        }
        Assert.Empty((await lake.PolicyAsync("a")).Grants.All);
        await lake.DoAsync("apply", "--yes", "-q");
        await lake.DoAsync("plan", "--check");
    }

    /// <summary>Runs <c>platform apply</c> and kills it when it makes a call that changes something: that call does not reach the server.</summary>
    private static async Task<(int Exit, List<string> Changes)> ApplyKilledBeforeAsync(TestLake lake, int call)
    {
        var started = new TaskCompletionSource<Process>();
        using var proxy = new CountingProxy(lake.Server.Endpoint, number =>
        {
            if (number < call)
                return true;
            started.Task.GetAwaiter().GetResult().Kill();
            return false;
        });
        using (var process = Start(lake, proxy.Endpoint))
        {
            started.SetResult(process);
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
            await process.WaitForExitAsync(Cancel);
            return (process.ExitCode, proxy.Changes);
        }
    }

    private static Process Start(TestLake lake, string endpoint)
    {
        var start = new ProcessStartInfo(PlatformProcess.Program, ["apply", "--yes"]) { WorkingDirectory = lake.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in lake.Server.EnvironmentOf(lake.Server.Alice))
            start.Environment[name] = value;
        start.Environment["AWS_ENDPOINT_URL_S3"] = endpoint;
        return Process.Start(start)!;
    }
}
