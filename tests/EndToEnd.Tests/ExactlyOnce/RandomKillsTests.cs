using System.Diagnostics;
using System.Globalization;
using DataSpoc.Contracts.Storage;
using DataSpoc.Tests;
using Xunit;

namespace EndToEnd.Tests.ExactlyOnce;

/// <summary>
/// An incremental pipeline of three streams is killed by SIGKILL at a random moment of each run and started again: in the end every row is there once, the bookmark is
/// that of the last row, and folder, log and manifest agree; no run takes more memory than a small one. <c>PIPE_KILLS=200 PIPE_KILL_RECORDS=1000000</c> is the full size,
/// <c>PIPE_KILL_S3=1</c> does it on the S3 server.
/// </summary>
public sealed class RandomKillsTests(ITestOutputHelper output)
{
    private static readonly string[] Streams = ["one", "two", "three"];
    private static readonly int Kills = Number("PIPE_KILLS", 6);
    private static readonly int Records = Number("PIPE_KILL_RECORDS", 30_000);
    private const long MostBytes = 400_000_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private IReadOnlyDictionary<string, string?>? _environment;
    private long _peak;

    [Fact]
    public async Task Ingest_KilledAtRandomMoments_EveryRowOnce()
    {
        using var folder = new TemporaryFolder();
        await using var s3 = Number("PIPE_KILL_S3", 0) > 0 ? new S3Bucket() : null;
        if (s3 is not null)
        {
            await s3.MakeAsync();
            _environment = s3.Server.EnvironmentOf(s3.Server.Alice);
        }
        var bucket = s3 is null ? $"file://{folder.Path}/lake" : $"s3://{s3.Name}";
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        await IngestAsync(folder, bucket, 1, null);
        var window = clock.Elapsed;
        var (killed, last) = (0, 1);
        for (var trial = 1; trial <= Kills; trial++)
        {
            // every run brings more rows than the one before left, so that there is something to lose in each
            last = (int)((long)Records / Streams.Length * trial / Kills);
            var ended = await IngestAsync(folder, bucket, last, window * random.NextDouble());
            // machines and runs differ in speed: the moments are looked for where runs are still going on
            (killed, window) = ended ? (killed, window * 0.8) : (killed + 1, window * 1.1);
            if (trial % 10 == 0 || trial == Kills)
            {
                Assert.True(await IngestAsync(folder, bucket, last, null), $"seed {seed}, trial {trial}");
                await NumbersTables.CheckAsync(s3?.Open() ?? ObjectStores.Open(BucketUri.Parse(bucket)), last, $"seed {seed}, trial {trial}");
            }
        }

        output.WriteLine($"{killed} of {Kills} runs were killed before their end, {last * Streams.Length} records, {clock.Elapsed}, {_peak / 1e6:0} MB at most");
        Assert.NotEqual(0, killed);
        Assert.InRange(_peak, 0, MostBytes);
    }

    /// <returns>Whether the run came to its end; null waits for it.</returns>
    private async Task<bool> IngestAsync(TemporaryFolder folder, string bucket, int until, TimeSpan? killAfter)
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
        using var process = ToolProcess.Start("PipeUnderFaults", ["ingest", "numbers", "--project", project], _environment);
        process.StandardInput.Close();
        var (said, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var clock = Stopwatch.StartNew();
        while (!process.WaitForExit(killAfter is { } moment ? TimeSpan.FromTicks(Math.Clamp((moment - clock.Elapsed).Ticks, 0, Look.Ticks)) : Look) && !(clock.Elapsed >= killAfter))
            _peak = Math.Max(_peak, HighWater(process.Id));
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0 or 137, $"{await said}{await error}");
        return process.ExitCode == 0;
    }

    private static long HighWater(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Select(line => long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024).FirstOrDefault();
        }
        catch (IOException)
        {
            // it has just ended
            return 0;
        }
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
