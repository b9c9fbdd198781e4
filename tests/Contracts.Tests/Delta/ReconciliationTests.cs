using System.Text;
using DataSpoc.Contracts.Delta;
using FsCheck;
using FsCheck.Fluent;

namespace Contracts.Tests.Delta;

/// <summary>Whatever way through a log is taken (commits, compaction files, a checkpoint), it leads to the same table.</summary>
public sealed class ReconciliationTests
{
    [Fact]
    public void Replay_AnyWayThroughALog_GivesTheSameTable() => Prop.ForAll(Arb.From(Logs), log =>
    {
        var straight = Snapshot(log, LogListing.From(Enumerable.Range(0, log.Commits.Count).Select(version => LogNames.Commit(version))), log.Version);
        var planned = Snapshot(log, LogListing.From(log.Files.Keys), log.Version);
        return Examples.Describe(straight) == Examples.Describe(planned) && straight.LastWrite?.RunId == planned.LastWrite?.RunId;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Replay_InTwoSteps_GivesTheSameTable() => Prop.ForAll(Arb.From(Logs), log =>
    {
        var whole = Snapshot(log, LogListing.From(log.Files.Keys), log.Version);
        var first = Snapshot(log, LogListing.From(log.Files.Keys), 0);
        for (var version = 1; version <= log.Version; version++)
            first = first.With(version, log.Commits[version]);
        return Examples.Describe(whole) == Examples.Describe(first);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Build_OfCompactionFiles_IsTheBuildOfTheirCommits() => Prop.ForAll(Arb.From(Logs), Arb.From(Gen.Choose(1, 5)), (log, size) =>
    {
        var whole = LogCompaction.Build(log.Commits.SelectMany(commit => commit));
        var parts = LogCompaction.Build(log.Commits.Chunk(size).SelectMany(chunk => LogCompaction.Build(chunk.SelectMany(commit => commit))));
        return Examples.Lines(whole).SequenceEqual(Examples.Lines(parts));
    }).QuickCheckThrowOnFailure();

    private static TableSnapshot Snapshot(Log log, LogListing listing, long version)
    {
        var replay = new SnapshotReplay("t");
        foreach (var file in listing.Plan("t", version).Files)
            replay.Apply(file.Version, LogEntry.Parse(log.Files[file.Name], file.Name));
        return replay.ToSnapshot();
    }

    /// <param name="Commits">The actions of versions 0, 1, ….</param>
    /// <param name="Files">The commits and some compaction files and checkpoints.</param>
    /// <param name="Version">A version.</param>
    private sealed record Log(IReadOnlyList<IReadOnlyList<DeltaAction>> Commits, IReadOnlyDictionary<string, byte[]> Files, long Version)
    {
        public override string ToString() => $"version {Version}\n" + string.Join('\n', Files.Select(file => $"{file.Key}:\n{Encoding.UTF8.GetString(file.Value)}"));
    }

    private static readonly Gen<Log> Logs =
        from count in Gen.Choose(1, 12)
        from steps in Step.ListOf(count)
        from ranges in (from first in Gen.Choose(0, count - 1) from length in Gen.Choose(1, 6) select (first, last: first + length)).ListOf()
        from checkpoints in Gen.Choose(0, count - 1).ListOf()
        from version in Gen.Choose(0, count - 1)
        select Make(steps, [.. ranges.Where(range => range.last < count)], checkpoints, version);

    // a file's path, whether it is added, an application and a new comment for the table
    private static readonly Gen<(IReadOnlyList<(int File, bool Add)> Files, int? App, bool Metadata)> Step =
        from files in (from file in Gen.Choose(0, 5) from add in Gen.Elements(true, true, false) select (file, add)).ListOf()
        from app in Gen.Choose(0, 3)
        from metadata in Gen.Frequency((1, Gen.Constant(true)), (5, Gen.Constant(false)))
        select ((IReadOnlyList<(int, bool)>)[.. files.DistinctBy(file => file.file)], app == 0 ? (int?)null : app, metadata);

    private static Log Make(IEnumerable<(IReadOnlyList<(int File, bool Add)> Files, int? App, bool Metadata)> steps, IReadOnlyList<(int First, int Last)> ranges, IEnumerable<int> checkpoints, int version)
    {
        var commits = steps.Select((step, number) => Examples.Reread(Commit(step, number))).ToList();
        var files = new Dictionary<string, byte[]>();
        for (var number = 0; number < commits.Count; number++)
            files[LogNames.Commit(number)] = LogEntry.Serialize(commits[number]);
        foreach (var (first, last) in ranges)
            files[LogCompaction.FileName(first, last)] = LogEntry.Serialize(LogCompaction.Build(commits.Take(last + 1).Skip(first).SelectMany(commit => commit)));
        foreach (var last in checkpoints)
            files[$"{LogNames.Before(last)}.checkpoint.{Guid.Empty}.json"] = LogEntry.Serialize(LogCompaction.Build(commits.Take(last + 1).SelectMany(commit => commit)));
        return new(commits, files, version);
    }

    private static IEnumerable<DeltaAction> Commit((IReadOnlyList<(int File, bool Add)> Files, int? App, bool Metadata) step, int number)
    {
        yield return new CommitInfo { RunId = Examples.Run(number), Write = new(number + 1, 0) };
        if (number == 0)
            yield return Protocol.Plain;
        if (number == 0 || step.Metadata)
            yield return new Metadata("00000000-0000-0000-0000-000000000000", Examples.Columns) { Description = $"as of {number}" };
        if (step.App is { } app)
            yield return new Transaction($"pipe/{app}", number);
        foreach (var (file, add) in step.Files)
            yield return add ? new AddFile($"f {file}.parquet", number, Examples.Now) { Statistics = new(number) } : new RemoveFile($"f {file}.parquet") { DeletionTimestamp = Examples.Now };
    }
}
