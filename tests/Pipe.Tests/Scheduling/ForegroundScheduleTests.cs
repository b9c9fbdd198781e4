using Pipe.Tests.Commands;

namespace Pipe.Tests.Scheduling;

/// <summary><c>pipe schedule run</c>.</summary>
public sealed class ForegroundScheduleTests : IDisposable
{
    private readonly PipeLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Run_AtItsTime_RunsThePipelineInAProcessOfItsOwn()
    {
        _lake.Write("orders.csv", "id,amount\n1,2.5\n2,3.5\n");
        _lake.Write("pipelines/orders.yaml", $"source: {{files: [./orders.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\nschedule: {{cron: \"*/30 * * * *\"}}\n");
        _lake.Write("pipelines/broken.yaml", $"source: {{files: [./nowhere.csv], name: shop}}\ndestination: {{bucket: \"{_lake.Bucket}\"}}\nschedule: {{cron: \"*/30 * * * *\"}}\n");
        var clock = new HastyClock(TimeSpan.FromMinutes(31));
        _lake.Time = clock;
        var run = await _lake.RunAsync("schedule run");
        Assert.True(clock.IsOver, run.Error);
        Assert.Contains("`orders`: started", run.Error, StringComparison.Ordinal);
        Assert.Contains("`orders`: done: 2 rows", run.Error, StringComparison.Ordinal);
        Assert.Contains("`broken` ended with exit code 1", run.Error, StringComparison.Ordinal);
        Assert.Equal(["2"], _lake.Rows("SELECT count(*) FROM $files", "raw/shop/orders"));
    }

    [Fact]
    public async Task Run_WithoutAnySchedule_SaysHowToMakeOne()
    {
        _lake.Write("pipelines/orders.yaml", "source: {files: [./orders.csv]}\n");
        var run = await _lake.RunAsync("schedule run");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("schedule: {cron:", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A clock on which every wait is over at once; after so much of its time, waiting is interrupted as by Ctrl-C.</summary>
    private sealed class HastyClock(TimeSpan length) : TimeProvider
    {
        private static readonly DateTimeOffset Begin = new(2026, 1, 31, 12, 0, 1, TimeSpan.Zero);
        private TimeSpan _passed;

        public bool IsOver => _passed > length;

        public override DateTimeOffset GetUtcNow() => Begin + _passed;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _passed += dueTime;
            return IsOver ? throw new OperationCanceledException() : System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
