namespace DataSpoc.Contracts.Delta;

/// <summary>What to do after another entry took the version that was planned.</summary>
public enum ConflictDecision
{
    /// <summary>The entry is this very change: its write had landed. Done.</summary>
    Ours,

    /// <summary>A blind append: it is planned again on the winner and goes after it.</summary>
    Rebase,

    /// <summary>What is removed, or how the table looks, depends on the winner: the change is planned again on it.</summary>
    Replan,

    /// <summary>The rows were made from a version that is no longer the newest, or the run is no longer the newest of its pipeline.</summary>
    Refuse,
}

/// <summary>The rules of a lost race, as one pure function (CONTRACT section 2).</summary>
public static class ConflictRules
{
    /// <summary>Decides what a change does after it met <paramref name="winnerActions"/> at the version it wanted.</summary>
    public static ConflictDecision Decide(TableChange change, IReadOnlyList<DeltaAction> winnerActions)
    {
        var transaction = winnerActions.OfType<Transaction>().FirstOrDefault(given => given.AppId == change.AppId);
        if (transaction?.Version == change.Sequence)
            return winnerActions.OfType<CommitInfo>().FirstOrDefault()?.RunId == change.RunId ? ConflictDecision.Ours : ConflictDecision.Refuse;
        if (transaction?.Version > change.Sequence || change.ReadVersion is not null)
            return ConflictDecision.Refuse;
        return change.Mode == ChangeMode.Append && !winnerActions.Any(action => action is Metadata or Protocol) ? ConflictDecision.Rebase : ConflictDecision.Replan;
    }
}
