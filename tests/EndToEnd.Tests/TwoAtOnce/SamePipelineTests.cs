using System.Diagnostics;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Manifests;
using DataSpoc.Tests.Faults;
using Xunit;

namespace EndToEnd.Tests.TwoAtOnce;

/// <summary>Runs that meet: of one pipeline, one wins and the other says so; of many pipelines, all do.</summary>
public sealed class SamePipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lake _lake;

    public SamePipelineTests() => _lake = Lake.In(_folder);

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoRunsOfOnePipeline_TheSecondCommits_TheFirstSaysSoAndLeavesNothing()
    {
        _folder.Write("pipe.yaml", "");
        _folder.Write("pipelines/numbers.yaml",
            $$"""
            source:
              tap: {{ToolProcess.PathOf("PipeUnderFaults")}} tap
              name: numbers
              config: { until: 8 }
            destination: { bucket: "{{_lake.Bucket}}" }
            incremental: { enabled: true }
            """);
        // the first run stops just before the write that would commit it, all its files staged
        using var first = ToolProcess.Start("PipeUnderFaults", ["ingest", "numbers"], new Dictionary<string, string?> { [FaultInjector.PlanVariable] = "hold-before:1:put:run.json" }, _folder.Path);
        first.StandardInput.Close();
        var (output, error) = (first.StandardOutput.ReadToEndAsync(Cancel), first.StandardError.ReadToEndAsync(Cancel));
        await StoppedAsync(first);

        await _lake.DoAsync("PipeUnderFaults", "ingest", "numbers");
        await Process.Start("kill", ["-CONT", $"{first.Id}"]).WaitForExitAsync(Cancel);
        await first.WaitForExitAsync(Cancel);
        await output;

        Assert.True(first.ExitCode == 1, await error);
        Assert.Contains("another run of `numbers` committed in between, this one's bookmark is stale", await error, StringComparison.Ordinal);
        Assert.Contains("hint: nothing of this run was kept; run again, or use `--retry`", await error, StringComparison.Ordinal);
        Assert.Equal("8,8\n8,8\n8,8", await _lake.RowsAsync("select count(*), count(distinct n) from raw.numbers_one union all select count(*), count(distinct n) from raw.numbers_two union all select count(*), count(distinct n) from raw.numbers_three"));
        Assert.Equal(3, Directory.GetFiles(_lake.Path, "*.parquet", SearchOption.AllDirectories).Length);
        await _lake.DoAsync("pipe", "manifest", "verify", "--bucket", _lake.Bucket);
        var record = RunRecord.Parse(await File.ReadAllBytesAsync(Path.Combine(_lake.Path, DocumentKeys.RunRecord("numbers")), Cancel), "run.json");
        Assert.Equal((RunStatus.Committed, 1L), (record.Status, record.Sequence));
    }

    [Fact]
    public async Task EightPipelinesAtOnce_EveryTableAndManifestEntryIsThere()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(i => _lake.IngestAsync(_folder.Write($"{i}.csv", "id\n" + string.Concat(Enumerable.Range(1, i * 10).Select(id => $"{id}\n"))), $"shop/t{i}")));

        await using var store = ObjectStores.Open(BucketUri.Parse(_lake.Bucket));
        var manifest = new ManifestStore(store, DocumentKeys.PipeManifest, "test", TimeProvider.System);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => ($"shop/t{i}", (long?)(i * 10))), (await manifest.ReadAsync(Cancel)).Tables.Values.Select(entry => ($"{entry.Location.Source}/{entry.Location.Table}", entry.Statistics.TotalRows)));
        Assert.Empty(await manifest.VerifyAsync(Cancel));
        Assert.Equal("360", await _lake.RowsAsync("select count(*) from (" + string.Join(" union all ", Enumerable.Range(1, 8).Select(i => $"select id from raw.shop_t{i}")) + ")"));
    }

    // the kernel says in /proc that it is stopped; nobody but its parent's wait could be told
    private static async Task StoppedAsync(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            Assert.False(process.HasExited, "it ended before its commit");
            var stat = await File.ReadAllTextAsync($"/proc/{process.Id}/stat", patience.Token);
            if (stat[stat.LastIndexOf(')') + 2] == 'T')
                return;
            await Task.Delay(20, patience.Token);
        }
    }
}
