using System.Globalization;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using DataSpoc.Tests.Faults;
using Xunit;

namespace EndToEnd.Tests.ExactlyOnce;

/// <summary>
/// A run of three streams with a bookmark, killed by SIGKILL at every store call in turn and started again, ends with every row once, the bookmark of the last row and
/// a manifest that agrees with the logs; a reader that only knows the folder sees the same rows.
/// </summary>
public sealed class KilledRunTests(ITestOutputHelper output)
{
    private const int First = 3;
    private const int Last = 8;

    [Fact]
    public async Task Ingest_KilledAtEveryCall_OnFile_EveryRowOnce()
    {
        using var folder = new TemporaryFolder();
        await KillEverywhereAsync(folder, trial => $"file://{folder.Path}/{trial}", bucket => ObjectStores.Open(BucketUri.Parse(bucket)), new Dictionary<string, string?>());
    }

    [Fact]
    public async Task Ingest_KilledAtEveryCall_OnS3_EveryRowOnce()
    {
        using var folder = new TemporaryFolder();
        await using var s3 = new S3Bucket();
        await s3.MakeAsync();
        await KillEverywhereAsync(folder, trial => $"s3://{s3.Name}/{trial}", bucket => s3.Open(BucketUri.Parse(bucket).Path), s3.Server.EnvironmentOf(s3.Server.Alice));
    }

    [Fact]
    public async Task Ingest_BucketGoneDuringTheCommit_TheNextRunFinishesItAndReadsNothingAgain()
    {
        using var folder = new TemporaryFolder();
        var bucket = $"file://{folder.Path}/lake";
        Assert.Equal(0, (await IngestAsync(folder, bucket, First, new Dictionary<string, string?>())).ExitCode);
        var failed = await IngestAsync(folder, bucket, Last, new Dictionary<string, string?> { [FaultInjector.PlanVariable] = "fail:2+:publish" });
        Assert.Equal(1, failed.ExitCode);
        // the tap has nothing any more: what is there afterwards was staged by the run that failed
        var again = await IngestAsync(folder, bucket, 0, new Dictionary<string, string?>());
        Assert.True(again.ExitCode == 0, again.ToString());
        await CheckAsync(ObjectStores.Open(BucketUri.Parse(bucket)), "after the failure");
    }

    private async Task KillEverywhereAsync(TemporaryFolder folder, Func<string, string> bucketOf, Func<string, IObjectStore> open, IReadOnlyDictionary<string, string?> environment)
    {
        // how many calls does an undisturbed second run make?
        var first = await IngestAsync(folder, bucketOf("first"), First, environment);
        Assert.True(first.ExitCode == 0, first.ToString());
        await CopyAsync(open(bucketOf("first")), open(bucketOf("calm")));
        var log = Path.Combine(folder.Path, "calls.log");
        var undisturbed = await IngestAsync(folder, bucketOf("calm"), Last, new Dictionary<string, string?>(environment) { [FaultInjector.LogVariable] = log });
        Assert.True(undisturbed.ExitCode == 0, undisturbed.ToString());
        await CheckAsync(open(bucketOf("calm")), "undisturbed");
        var calls = await File.ReadAllLinesAsync(log);
        var writes = calls.Select((call, i) => (call, n: i + 1)).Where(call => call.call.Split(' ')[1] is "Put" or "Publish" or "Delete" or "Stage");
        var kills = Enumerable.Range(1, calls.Length).Select(n => $"kill-before:{n}").Concat(writes.Select(write => $"kill-after:{write.n}")).ToArray();
        output.WriteLine($"{calls.Length} calls, {kills.Length} kills");

        for (var trial = 0; trial < kills.Length; trial++)
        {
            var bucket = bucketOf($"trial-{trial}");
            await CopyAsync(open(bucketOf("first")), open(bucket));
            var killed = await IngestAsync(folder, bucket, Last, new Dictionary<string, string?>(environment) { [FaultInjector.PlanVariable] = kills[trial] });
            Assert.True(killed.ExitCode == 137, $"{kills[trial]}: not killed: {killed}");
            var again = await IngestAsync(folder, bucket, Last, environment);
            Assert.True(again.ExitCode == 0, $"{kills[trial]}: {again}");
            await CheckAsync(open(bucket), kills[trial]);
        }
    }

    private static async Task CopyAsync(IObjectStore from, IObjectStore to)
    {
        await using var source = from;
        await using var target = to;
        var cancel = TestContext.Current.CancellationToken;
        await foreach (var found in from.ListAsync("", null, cancel))
            await to.PutAsync(found.Key, (await from.GetAsync(found.Key, cancel))!.Bytes, WriteCondition.None, cancel);
    }

    private static Task<ToolRun> IngestAsync(TemporaryFolder folder, string bucket, int until, IReadOnlyDictionary<string, string?> environment)
    {
        var project = Directory.CreateDirectory(Path.Combine(folder.Path, "project")).FullName;
        folder.Write("project/pipe.yaml", "");
        folder.Write("project/pipelines/numbers.yaml", string.Create(CultureInfo.InvariantCulture,
            $$"""
            source:
              tap: {{ToolProcess.PathOf("PipeUnderFaults")}} tap
              name: numbers
              config: { until: {{until}} }
            destination: { bucket: "{{bucket}}" }
            incremental: { enabled: true }
            """));
        return ToolProcess.RunAsync("PipeUnderFaults", ["ingest", "numbers", "--project", project], environment);
    }

    private static async Task CheckAsync(IObjectStore store, string kill)
    {
        Assert.Equal(RunStatus.Committed, RunRecord.Parse((await store.GetAsync(DocumentKeys.RunRecord("numbers"), TestContext.Current.CancellationToken))!.Bytes, "run.json").Status);
        await NumbersTables.CheckAsync(store, Last, kill);
    }
}
