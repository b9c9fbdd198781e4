namespace DataSpoc.Ml.Training.Search;

/// <summary>How much is tried.</summary>
/// <param name="Trials">Sets of parameters, at least 1.</param>
/// <param name="Budget">How long all may take.</param>
internal sealed record SearchPlan(int Trials, TimeSpan Budget)
{
    /// <summary>Over few rows more trials find what fits the validation rows by chance.</summary>
    private const int RowsPerTrial = 500;

    private const int MostTrials = 20;

    /// <summary>Rows times features that one round of trees takes in a second, on a machine that is slower than most.</summary>
    private const double CellsPerSecond = 30e6;

    private const double RoundsPerTrial = 200;

    /// <summary>
    /// As many trials as are likely to be done in the budget. It is worked out from the size of the table, not measured: the same table and
    /// budget give the same plan, and so the same model, on any machine that keeps up with it.
    /// </summary>
    /// <param name="rows">Rows that are learned from.</param>
    /// <param name="features">Features of each.</param>
    /// <param name="outputs">Trees per round.</param>
    /// <param name="wanted">Trials the user wants, or null.</param>
    /// <param name="budget">The budget.</param>
    public static SearchPlan For(int rows, int features, int outputs, int? wanted, TimeSpan budget)
    {
        if (wanted is { } trials)
            return new(trials, TimeSpan.MaxValue);
        var secondsPerTrial = rows * (double)features * outputs * RoundsPerTrial / CellsPerSecond;
        // a half of the budget is for the first rungs: each trial once, a third of them twice more
        var affordable = (int)Math.Min(MostTrials, budget.TotalSeconds / 2 / (secondsPerTrial * 5 / 3));
        return new(Math.Clamp(Math.Min(rows / RowsPerTrial, affordable), 1, MostTrials), budget);
    }
}

/// <summary>A set of parameters that was tried.</summary>
/// <param name="Number">From 0 on; see <see cref="SearchSpace"/>.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Folds">What its folds showed, in the split's order; the later ones only for those that did well on the earlier.</param>
internal sealed record Trial(int Number, BoostingParameters Parameters, IReadOnlyList<FoldOutcome> Folds)
{
    /// <summary>The mean of the folds' best numbers of rounds.</summary>
    public int Rounds => Math.Max(1, (int)Math.Round(Folds.Average(f => f.Rounds), MidpointRounding.AwayFromZero));
}
