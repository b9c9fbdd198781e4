using System.Globalization;
using DataSpoc.Contracts.Storage;
using Xunit;

namespace Contracts.Tests.Storage.Stores;

/// <summary>A folder as bucket of several processes, some of which are killed.</summary>
public sealed class FileBucketProcessTests : IDisposable
{
    private const int Writers = 8;
    private readonly string folder = Directory.CreateTempSubdirectory("dataspoc-bucket-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private BucketUri Bucket => BucketUri.Parse(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Put_ACounterOfEightProcesses_LosesNoIncrement()
    {
        const int rounds = 50;

        var ended = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer =>
            Probe.RunAsync("count", Bucket, "state/count", $"writer{writer}", $"{rounds}")));

        Assert.All(ended, probe => Assert.Equal(0, probe.ExitCode));
        Assert.Equal(Writers * rounds, Count());
    }

    [Fact]
    public async Task Put_IfAbsentByEightProcesses_HasExactlyOneWinnerEach()
    {
        const int rounds = 50;

        var ended = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer =>
            Probe.RunAsync("create", Bucket, "t/_delta_log", $"writer{writer}", $"{rounds}")));

        var won = ended.SelectMany((probe, writer) => probe.Lines.Select(key => (key, writer))).ToList();
        Assert.Equal(rounds, won.Count);
        Assert.Equal(rounds, won.DistinctBy(win => win.key).Count());
        Assert.All(won, win => Assert.Equal($"writer{win.writer}", File.ReadAllText(Path.Combine(folder, win.key))));
    }

    [Fact]
    public async Task Put_AfterWritersWereKilledInTheMiddle_GoesOn()
    {
        var last = 0;
        for (var round = 0; round < 5; round++)
        {
            using (var writer = Probe.Start(Probe.Path, ["count", Bucket.ToString(), "state/count", $"writer{round}", "1000000"], new Dictionary<string, string?>()))
            {
                // its own progress is the signal: killed wherever it then is
                while (Count() < last + 20)
                    await Task.Yield();
                writer.Kill();
                await writer.WaitForExitAsync(Cancel);
            }
            var before = Count();
            Assert.True(before >= last + 20, "nothing that was answered is lost");
            Assert.Equal(0, (await Probe.RunAsync("count", Bucket, "state/count", "after", "10")).ExitCode);
            Assert.Equal(last = before + 10, Count());
        }
    }

    [Fact]
    public async Task Put_WhileAnotherProcessHoldsTheLockAndIsKilled_GetsIt()
    {
        const string flock = "/usr/bin/flock";
        if (!File.Exists(flock))
            Assert.Skip("flock is not installed (util-linux)");
        await using var store = ObjectStores.Open(Bucket);
        await store.PutAsync("state/run.json", "1"u8.ToArray(), default, Cancel);
        var locked = Assert.Single(Directory.GetFiles(Path.Combine(folder, ".dataspoc/locks")));
        using var holder = Probe.Start(flock, [locked, "sh", "-c", "echo held; exec sleep 600"], new Dictionary<string, string?>());
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(Cancel));

        var put = store.PutAsync("state/run.json", "2"u8.ToArray(), default, Cancel);
        Assert.False(put.IsCompleted);
        holder.Kill(entireProcessTree: true);

        Assert.NotNull(await put);
    }

    [Fact]
    public async Task Open_AFolder_DoesNotLoadTheAwsSdk()
    {
        var probe = await Probe.RunAsync("libraries", Bucket, "raw/x");

        Assert.Equal(0, probe.ExitCode);
        Assert.Contains("DataSpoc.Contracts.Storage", probe.Lines);
        Assert.DoesNotContain(probe.Lines, library => library.StartsWith("AWSSDK", StringComparison.Ordinal) || library.StartsWith("Polly", StringComparison.Ordinal));
    }

    private int Count()
    {
        try
        {
            return int.Parse(File.ReadAllText(Path.Combine(folder, "state/count")).Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
    }
}
