using DataSpoc.Contracts.Delta;
using static Contracts.Tests.Delta.Examples;

namespace Contracts.Tests.Delta;

public sealed class ConflictRulesTests
{
    private static readonly TableSnapshot Before = Table(Change(ChangeMode.Append, 1, [null]));

    [Fact]
    public void Decide_EntryOfThisVeryRun_IsOurs()
    {
        var change = Change(ChangeMode.Overwrite, 2, [null]);

        Assert.Equal(ConflictDecision.Ours, ConflictRules.Decide(change, Entry(change)));
    }

    [Fact]
    public void Decide_SameSequenceOfAnotherRun_IsRefused()
    {
        var change = Change(ChangeMode.Append, 2, [null]);

        Assert.Equal(ConflictDecision.Refuse, ConflictRules.Decide(change, Entry(change with { RunId = Run(9), Files = [File(9, 1, null)] })));
    }

    [Fact]
    public void Decide_SameRunWithAnotherSequence_IsNotOurs()
    {
        var change = Change(ChangeMode.Append, 3, [null]) with { RunId = Run(2) };

        Assert.Equal(ConflictDecision.Rebase, ConflictRules.Decide(change, Entry(Change(ChangeMode.Append, 2, [null]))));
    }

    [Fact]
    public void Decide_LaterRunOfThePipeline_IsRefused() =>
        Assert.Equal(ConflictDecision.Refuse, ConflictRules.Decide(Change(ChangeMode.Append, 2, [null]), Entry(Change(ChangeMode.Append, 3, [null]))));

    [Fact]
    public void Decide_BlindAppendAfterRowsOfOthers_GoesAfterThem() =>
        Assert.Equal(ConflictDecision.Rebase, ConflictRules.Decide(Change(ChangeMode.Append, 2, [null]), Entry(Other(ChangeMode.Overwrite))));

    [Fact]
    public void Decide_AppendAfterNewColumns_IsPlannedAgain()
    {
        var wider = Other(ChangeMode.Append) with { Schema = new([.. Columns.Fields, new("note", PrimitiveType.String)]) };

        Assert.Equal(ConflictDecision.Replan, ConflictRules.Decide(Change(ChangeMode.Append, 2, [null]), Entry(wider)));
    }

    [Fact]
    public void Decide_OverwriteAfterRowsOfOthers_IsPlannedAgain() =>
        Assert.Equal(ConflictDecision.Replan, ConflictRules.Decide(Change(ChangeMode.Overwrite, 2, [null]), Entry(Other(ChangeMode.Append))));

    [Fact]
    public void Decide_RowsMadeFromTheVersionBefore_IsRefused() =>
        Assert.Equal(ConflictDecision.Refuse, ConflictRules.Decide(Change(ChangeMode.Overwrite, 2, [null]) with { ReadVersion = 0 }, Entry(Other(ChangeMode.Append))));

    private static TableChange Other(ChangeMode mode) => Change(mode, 1, [null]) with { AppId = "pipe/other", RunId = Run(50), Files = [File(50, 1, null)] };

    private static IReadOnlyList<DeltaAction> Entry(TableChange change) => Reread(((PlannedCommit)CommitPlanner.Plan(Before, change, Now)).Actions);
}
