using System.Globalization;
using System.Text;
using Contracts.Tests.Storage.RunCommits.Simulation;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Storage.Tables;
using Xunit;

namespace Contracts.Tests.Storage.RunCommits;

/// <summary>
/// The commit protocol itself, run by the real code in a simulated bucket: several processes at once, interleaved call by call,
/// killed and left without answers by a seed. A source gives the numbers 1, 2, 3 …; each run appends some to two tables and moves the bookmark.
/// </summary>
public sealed class CommitProtocolTests
{
    private const int Seeds = 500;

    private static readonly TableLocation[] Tables = [new(Layer.Raw, "shop", "orders"), new(Layer.Raw, "shop", "items")];
    private static readonly DeltaSchema Schema = new([new("n", PrimitiveType.Long)]);

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.02, 0.0)]
    [InlineData(0.02, 0.1)]
    [InlineData(0.15, 0.2)]
    public void Append_AnyInterleaving_EveryRowOnce(double kills, double lostAnswers)
    {
        for (var seed = 0; seed < Seeds; seed++)
            Simulate(seed, kills, lostAnswers, ChangeMode.Append);
    }

    [Theory]
    [InlineData(0.02, 0.1)]
    [InlineData(0.15, 0.2)]
    public void Overwrite_AnyInterleaving_TableIsOneWholeRun(double kills, double lostAnswers)
    {
        for (var seed = 0; seed < Seeds; seed++)
            Simulate(seed, kills, lostAnswers, ChangeMode.Overwrite);
    }

    /// <summary>A stranger gives one of the tables a column that some of our runs have with another type: those runs are taken back everywhere.</summary>
    [Theory]
    [InlineData(0.0, 0.0, ChangeMode.Append)]
    [InlineData(0.02, 0.1, ChangeMode.Append)]
    [InlineData(0.15, 0.2, ChangeMode.Append)]
    [InlineData(0.05, 0.1, ChangeMode.Overwrite)]
    public void Commit_TableRefusesAfterTheRecord_NothingOfTheRunStays(double kills, double lostAnswers, ChangeMode mode)
    {
        var takenBack = 0;
        for (var seed = 0; seed < Seeds; seed++)
            takenBack += Simulate(seed, kills, lostAnswers, mode, stranger: true);
        Assert.True(takenBack > 10, $"only {takenBack} times a table had taken its change when the other one refused");
    }

    private static int Simulate(int seed, double kills, double lostAnswers, ChangeMode mode, bool stranger = false)
    {
        var world = new SimulatedWorld(seed) { HasStranger = stranger, KillChance = kills, LostAnswerChance = lostAnswers };
        var newest = 0L;
        world.Changed = () =>
        {
            var bookmark = Bookmark(world);
            Assert.True(bookmark >= newest, $"seed {seed}: the bookmark went back from {newest} to {bookmark}");
            newest = bookmark;
            if (stranger)
                ChangeColumn(world, late: seed % 2 == 0);
        };
        var processes = Enumerable.Range(0, 3).Select(i => world.Scheduler.Start(() => RunTwiceAsync(world, $"p{i}", mode))).ToArray();
        world.Run();
        foreach (var process in processes.Where(process => process.IsFaulted))
            Assert.Fail($"seed {seed}: {process.Exception!.InnerException}");

        // the next start finishes what was left, and adds a run of its own
        world.KillChance = 0;
        var last = world.Scheduler.Start(() => RunTwiceAsync(world, "last", mode));
        world.Run();
        Assert.True(last.IsCompletedSuccessfully, $"seed {seed}: {last.Exception?.InnerException}");
        Check(world, seed, mode);
        return world.Objects.Values.Count(content => Encoding.UTF8.GetString(content.Bytes) is var text && text.Contains("RESTORE", StringComparison.Ordinal) && text.Contains("\"remove\"", StringComparison.Ordinal));
    }

    // another pipeline, once the record is written and, for every other seed, the other table has taken its change
    private static void ChangeColumn(SimulatedWorld world, bool late)
    {
        var record = world.Objects.TryGetValue(DocumentKeys.RunRecord("shop"), out var content) ? RunRecord.Parse(content.Bytes, "run.json") : null;
        if (record?.Status != RunStatus.Committing || record.Tables[0].Schema.Find("x") is null || (late && !Log(world, Tables[0]).Any(entry => entry.OfType<CommitInfo>().Any(info => info.RunId == record.RunId))))
            return;
        var replay = new SnapshotReplay();
        foreach (var (version, entry) in Log(world, Tables[1]).Index())
            replay.Apply(version, entry);
        var change = new TableChange(Tables[1], ChangeMode.Append, new([.. Schema.Fields, new("x", PrimitiveType.String)]), "pipe/stranger", 1, RunId.New(world));
        var table = Log(world, Tables[1]).Any() ? replay.ToSnapshot() : null;
        if (table?.Metadata.Schema.Find("x") is not null || CommitPlanner.Plan(table, change, world.GetUtcNow()) is not PlannedCommit commit)
            return;
        world.Objects[TableLog.EntryKey(Tables[1], commit.Version)] = (LogEntry.Serialize(commit.Actions), world.NextETag());
    }

    private static IEnumerable<IReadOnlyList<DeltaAction>> Log(SimulatedWorld world, TableLocation table) =>
        world.Objects.Where(entry => entry.Key.StartsWith(table.LogFolder + "/", StringComparison.Ordinal)).Select(entry => LogEntry.Parse(entry.Value.Bytes, entry.Key));

    private static async Task<int> RunTwiceAsync(SimulatedWorld world, string process, ChangeMode mode)
    {
        var store = new SimulatedStore(world, process);
        var context = new RunContext(store, WritingTool.Pipe, "shop", "pipe 0.1.0", world) { Lease = TimeSpan.FromSeconds(world.Random.Next(4)) };
        var schema = world.HasStranger && process != "last" && world.Random.Next(2) == 0 ? new([.. Schema.Fields, new("x", PrimitiveType.Long)]) : Schema;
        var session = await RunSession.StartAsync(context, CancellationToken.None);
        var commits = 0;
        for (var i = 0; i < 2; i++)
        {
            var from = session.Bookmark is { } bookmark ? long.Parse(Encoding.UTF8.GetString(bookmark.Span), CultureInfo.InvariantCulture) : 0;
            var to = from + 1 + world.Random.Next(3);
            var changes = new List<TableChange>();
            foreach (var table in Tables)
            {
                var own = ModeOf(table, mode, world);
                var rows = string.Join(' ', Enumerable.Range(1, (int)to).Skip(own == ChangeMode.Append ? (int)from : 0));
                var staged = await store.StageAsync(table.KeyOf(DataFileName.New(table, session.RunId, i + 1)), Encoding.UTF8.GetBytes(rows));
                changes.Add(new(table, own, schema, context.AppId, session.NextSequence, session.RunId)
                {
                    Files = [new(staged, null, rows.Split(' ').Length, new(rows.Split(' ').Length))],
                });
            }
            try
            {
                await session.CommitAsync(changes, Encoding.UTF8.GetBytes(to.ToString(CultureInfo.InvariantCulture)), CancellationToken.None);
                commits++;
            }
            catch (UserError error) when (error.What.Contains("in between", StringComparison.Ordinal))
            {
                return commits;
            }
            catch (UserError error) when (world.HasStranger && error.ExitCode == ExitCode.Refused)
            {
                foreach (var staged in changes.SelectMany(change => change.Files))
                    await store.AbandonAsync(staged.Staged, CancellationToken.None);
            }
        }
        return commits;
    }

    // what is replaced whole never meets another type: with a stranger, only one of the tables is
    private static ChangeMode ModeOf(TableLocation table, ChangeMode mode, SimulatedWorld world) => world.HasStranger && table == Tables[1] ? ChangeMode.Append : mode;

    private static void Check(SimulatedWorld world, int seed, ChangeMode mode)
    {
        var reader = world.Scheduler.Start(async () =>
        {
            var store = new SimulatedStore(world, "reader");
            return (Tables: await Task.WhenAll(Tables.Select(table => new TableLog(store).ReadAsync(table, CancellationToken.None))),
                Manifest: Manifest.Parse(world.Objects[DocumentKeys.PipeManifest].Bytes, "manifest"));
        });
        world.Run();
        var (snapshots, manifest) = reader.Result;
        var expected = Enumerable.Range(1, (int)Bookmark(world)).Select(n => (long)n).ToArray();
        for (var i = 0; i < Tables.Length; i++)
        {
            var files = snapshots[i]!.Files.Keys.Select(Tables[i].KeyOf).Order(StringComparer.Ordinal).ToArray();
            var inFolder = world.Objects.Keys.Where(key => key.StartsWith(Tables[i].Folder + "/", StringComparison.Ordinal) && key.EndsWith(".parquet", StringComparison.Ordinal)).ToArray();
            Assert.True(files.SequenceEqual(inFolder), $"seed {seed}: the folder of {Tables[i]} holds {string.Join(", ", inFolder)}, the table {string.Join(", ", files)}");
            var rows = files.SelectMany(key => Encoding.UTF8.GetString(world.Objects[key].Bytes).Split(' ')).Select(text => long.Parse(text, CultureInfo.InvariantCulture)).Order().ToArray();
            Assert.True(rows.SequenceEqual(expected), $"seed {seed}, {mode}: {Tables[i]} holds {string.Join(' ', rows)}, the bookmark is {expected.Length}");
            Assert.Equal(snapshots[i]!.Version, manifest.Tables[Tables[i].ManifestKey].Snapshot);
            Assert.Equal(rows.Length, manifest.Tables[Tables[i].ManifestKey].Statistics.TotalRows);
        }
    }

    private static long Bookmark(SimulatedWorld world) =>
        world.Objects.TryGetValue(DocumentKeys.State("shop"), out var state) ? long.Parse(Encoding.UTF8.GetString(state.Bytes), CultureInfo.InvariantCulture) : 0;
}
