using DataSpoc.Contracts.Delta;
using FsCheck;
using FsCheck.Fluent;

namespace Contracts.Tests.Delta;

/// <summary>Any sequence of writes leaves the files that a simple model says: sets of (file, day).</summary>
public sealed class PlannerModelTests
{
    private static readonly string[] Days = ["2026-01-29", "2026-01-30", "2026-01-31"];

    private sealed record Write(ChangeMode Mode, IReadOnlyList<string> Days, bool Again, bool Other);

    private static readonly Gen<Write> Writes =
        from mode in Gen.Frequency((3, Gen.Constant(ChangeMode.Append)), (1, Gen.Constant(ChangeMode.Overwrite)), (2, Gen.Constant(ChangeMode.OverwritePartitions)))
        from days in Gen.Elements(Days).ListOf()
        from again in Gen.Elements(true, false)
        from other in Gen.Elements(true, false)
        select new Write(mode, [.. days], again, other);

    [Fact]
    public void Plan_AnySequenceOfWrites_LeavesTheFilesOfTheModel() => Prop.ForAll(Arb.From(Writes.ListOf()), writes =>
    {
        TableSnapshot? table = null;
        var model = new HashSet<(string Key, string Day)>();
        var folder = new HashSet<string>();
        var sequence = 0;
        foreach (var write in writes)
        {
            sequence++;
            var change = Examples.Change(write.Mode, sequence, [.. write.Days]) with { AppId = write.Other ? "pipe/other" : "pipe/orders", PartitionColumns = ["dt"] };
            Apply(change);
            // a run that is finished by another process after it was committed
            if (write.Again)
                Apply(change);
            if (write.Mode == ChangeMode.Overwrite)
                model.Clear();
            if (write.Mode == ChangeMode.OverwritePartitions)
                model.RemoveWhere(file => write.Days.Contains(file.Day));
            model.UnionWith(change.Files.Select(file => (file.Staged.Key, file.Partition!)));
        }
        var files = table?.Files.Values.Select(file => (Examples.Orders.KeyOf(file.Path), file.PartitionValues["dt"]!)).ToHashSet() ?? [];
        // readers of the folder see what readers of the log see, and the count of writes is told by the log
        return files.SetEquals(model) && folder.SetEquals(model.Select(file => file.Key)) && (table?.Version ?? -1) == sequence - 1
            && table?.Rows == (sequence == 0 ? null : model.Count * 10) && (table?.LastWrite?.Write?.Extractions ?? 0) == sequence;

        void Apply(TableChange change)
        {
            folder.UnionWith(change.Files.Select(file => file.Staged.Key));
            var plan = CommitPlanner.Plan(table, change, Examples.Now);
            table = Examples.Commit(table, change);
            folder.ExceptWith(plan.SupersededFiles.Select(Examples.Orders.KeyOf));
        }
    }).QuickCheckThrowOnFailure();
}
