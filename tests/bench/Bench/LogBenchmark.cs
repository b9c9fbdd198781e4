using System.Diagnostics;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;

namespace DataSpoc.Tests.Bench;

/// <summary>Reading a table whose log has 5,000 commits, compacted as the commits themselves do it.</summary>
internal static class LogBenchmark
{
    private const int Commits = 5000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        await using var store = ObjectStores.Open(BucketUri.Parse($"file://{folder.Path}/lake-log"), new() { MayBeNew = true });
        var location = new TableLocation(Layer.Raw, "bench", "log");
        var commit = new TableCommit(store, new TableLog(store), TimeProvider.System);
        var schema = new DeltaSchema([new("id", PrimitiveType.Long), new("name", PrimitiveType.String), new("dt", PrimitiveType.Date)]);
        TableSnapshot? snapshot = null;
        var run = RunId.New(TimeProvider.System);
        for (var i = 1; i <= Commits / less; i++)
        {
            var key = location.KeyOf(DataFileName.New(location, run, i, new DateOnly(2026, 1, 1)));
            var statistics = new FileStatistics(100) { MinValues = new() { ["id"] = i }, MaxValues = new() { ["id"] = i + 100 }, NullCount = new() { ["id"] = 0 } };
            var change = new TableChange(location, ChangeMode.Append, schema, "pipe/bench", i, run)
            {
                PartitionColumns = ["dt"],
                Files = [new(new(key, 1000, null, [], null), "2026-01-01", 100, statistics)],
            };
            snapshot = (await commit.ApplyAsync(change, snapshot, default)).Snapshot;
        }
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var clock = Stopwatch.StartNew();
            var read = await new TableLog(store).ReadAsync(location, default);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
            if (read!.Files.Count != Commits / less)
                throw new InvalidOperationException($"{read.Files.Count} files");
        }
        table.Below($"reading a log of {Commits / less:n0} commits", best, 0.5);
    }
}
