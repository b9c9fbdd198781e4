using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>What the contract says of a record that its source cannot give as a row.</summary>
internal static class RecordRefusal
{
    /// <summary>Whether it is kept apart, and the others go on; else its stream ends.</summary>
    /// <param name="plan">The table's.</param>
    /// <param name="beforeTransform">
    /// Whether it has yet to go through the pipeline's transform. Masks are about what that gives: it may make a masked column of any field, so nobody knows which ones must not be stored;
    /// and what it made of masked fields, when the record is replayed, would be something else than it makes of the others.
    /// </param>
    public static bool IsKeptApart(TablePlan plan, bool beforeTransform) => plan.Contract.Types == Reaction.Quarantine && !(beforeTransform && plan.Masks.Count > 0);

    /// <summary>The error that ends the stream, as the contract has it.</summary>
    /// <param name="error">As the source says it.</param>
    /// <param name="plan">The table's.</param>
    public static UserError Error(UserError error, TablePlan plan) => plan.Contract.Types switch
    {
        Reaction.Freeze => new(error.What, error) { Where = error.Where, Hint = error.Hint, ExitCode = ExitCode.Refused },
        Reaction.Quarantine => new(error.What, error)
        {
            Where = error.Where,
            Hint = "correct it at the source: the record is not kept apart, because the masks are about what the transform gives, and what they hide might stand anywhere in it",
            ExitCode = ExitCode.Refused,
        },
        _ => error,
    };
}
