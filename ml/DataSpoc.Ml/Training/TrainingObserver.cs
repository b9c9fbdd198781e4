using DataSpoc.Ml.Data.Preparation;

namespace DataSpoc.Ml.Training;

/// <summary>Is told how far a training is. What is not set is not told.</summary>
internal sealed record TrainingObserver
{
    /// <summary>What kind of answer will be learned.</summary>
    public Action<Target> Decided { get; init; } = static _ => { };

    /// <summary>Rows read so far.</summary>
    public Action<long> RowsRead { get; init; } = static _ => { };

    /// <summary>The columns used and left out, rows without a target, infinite numbers.</summary>
    public Action<TablePreparation, long, long> Prepared { get; init; } = static (_, _, _) => { };

    /// <summary>Rows of each class; not told of numbers.</summary>
    public Action<Target, IReadOnlyDictionary<string, int>> ClassesCounted { get; init; } = static (_, _) => { };

    /// <summary>The figure the model is judged by, and what an answer that does not look at the row and a linear model reach on the holdout; empty without one.</summary>
    public Action<string, IReadOnlyDictionary<string, double>, IReadOnlyDictionary<string, double>> BaselinesKnown { get; init; } = static (_, _, _) => { };

    /// <summary>Trials planned, and folds.</summary>
    public Action<int, int> SearchBegun { get; init; } = static (_, _) => { };

    /// <summary>The trial, its rounds so far and the validation loss.</summary>
    public Action<int, int, double> RoundDone { get; init; } = static (_, _, _) => { };

    /// <summary>A trial and its figure.</summary>
    public Action<int, double> TrialDone { get; init; } = static (_, _) => { };
}
