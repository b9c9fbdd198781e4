using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Training.Search;

/// <summary>What a search found.</summary>
/// <param name="Best">The best parameters, with their folds.</param>
/// <param name="Figure">Of the best, over all its validation rows.</param>
/// <param name="Tried">Every trial with its figure, in the order of their numbers.</param>
/// <param name="Ended">What ended it.</param>
internal sealed record SearchOutcome(Trial Best, double Figure, IReadOnlyList<(Trial Trial, double Figure)> Tried, SearchEnd Ended);

/// <summary>What ended a search.</summary>
internal enum SearchEnd
{
    /// <summary>All that was planned is done.</summary>
    Planned,

    /// <summary>The time was up.</summary>
    Budget,

    /// <summary>The user stopped it.</summary>
    Interrupted,
}

/// <summary>
/// Successive halving: every set of parameters is tried on the first fold, the better third on two more, the better third of those on all. What
/// does well on most tables is never dropped: one fold alone may mislead.
/// Then the better ones grow slower, which is mostly better still, and costs the most.
/// </summary>
/// <param name="trainer">Grows the trees.</param>
/// <param name="table">The table.</param>
/// <param name="split">With at least one fold.</param>
/// <param name="settings">How.</param>
/// <param name="observer">Told how far it is.</param>
internal sealed class ParameterSearch(Trainer trainer, LearningTable table, RowSplit split, TrainingSettings settings, TrainingObserver observer)
{
    private const double SlowerBy = 0.4;
    private const int MostSlower = 3;

    /// <summary>Shares of the budget: until when parameters are tried, weights, and slower growth; the rest is for the trees that are kept.</summary>
    private const double Trials = 0.4, Weights = 0.5, Slower = 0.75;

    private readonly string _metric = MetricName.ForSearch(settings.Metric ?? MetricName.Default(table.Target));
    private readonly SearchPlan _plan = SearchPlan.For(split.Training.Length, table.Columns.Length, table.Target.Outputs, settings.Trials, settings.Budget);
    private readonly IReadOnlyList<double>? _classWeights = settings.ClassWeight.For(table.Target, table.LabelsOf(split.Training));
    private readonly SortedDictionary<int, (Trial Trial, double Figure)> _tried = [];
    private readonly long _started = settings.Time.GetTimestamp();

    /// <summary>Searches. An interruption after the first trial ends it with what was found.</summary>
    /// <exception cref="OperationCanceledException">Interrupted before anything was found.</exception>
    public SearchOutcome Run(CancellationToken cancel)
    {
        var ended = SearchEnd.Planned;
        try
        {
            if (!Halve(cancel))
                ended = SearchEnd.Budget;
        }
        catch (OperationCanceledException) when (_tried.Count > 0)
        {
            ended = SearchEnd.Interrupted;
        }
        // whoever was tried on more folds is known better
        var best = Leading;
        return new(best, _tried[best.Number].Figure, [.. _tried.Values], ended);
    }

    private bool Elapsed(double share) => settings.Time.GetElapsedTime(_started).TotalSeconds >= _plan.Budget.TotalSeconds * share;

    private bool Halve(CancellationToken cancel)
    {
        var complete = true;
        observer.SearchBegun(_plan.Trials, split.Folds.Count);
        var alive = Enumerable.Range(0, _plan.Trials).ToList();
        int[] rungs = [.. new[] { 1, Math.Min(3, split.Folds.Count), split.Folds.Count }.Distinct()];
        // one trial alone has nobody to be compared with, but its folds tell how many rounds it takes
        foreach (var folds in _plan.Trials == 1 ? rungs[^1..] : rungs)
        {
            foreach (var number in alive)
                complete &= Try(number, SearchSpace.At(number, settings.Seed, table.Columns.Length) with { ClassWeights = _classWeights }, folds, 20, Trials, cancel);
            alive = [.. Best(_tried.Values.Where(t => t.Trial.Folds.Count == folds)).Take((alive.Count + 2) / 3).Select(t => t.Trial.Number).Append(0).Distinct()];
            if (!complete)
                break;
        }
        foreach (var weights in Rarely())
            complete &= Try(_tried.Keys.Max() + 1, Leading.Parameters with { ClassWeights = weights }, Leading.Folds.Count, 20, Weights, cancel);
        // how parameters do when trees grow fast tells not quite how they do when these grow slowly: the better third is tried
        var folded = Leading.Folds.Count;
        foreach (var (best, _) in Best(_tried.Values.Where(t => t.Trial.Folds.Count == folded)).Take(Math.Clamp((_plan.Trials + 2) / 3, 1, MostSlower)).ToArray())
            complete &= Try(_tried.Keys.Max() + 1, best.Parameters with { LearningRate = best.Parameters.LearningRate * SlowerBy }, folded, 50, Slower, cancel);
        return complete;
    }

    // the best may not have been on all folds when the time was up
    private Trial Leading => Best(_tried.Values.Where(t => t.Trial.Folds.Count == _tried.Values.Max(o => o.Trial.Folds.Count))).First().Trial;

    // the weights that are worth trying where a class is rare: half of what makes the classes even, and all of it
    private IEnumerable<IReadOnlyList<double>> Rarely()
    {
        if (settings.ClassWeight.Rule != ClassWeightRule.Auto || table.Target.Task == LearningTask.Regression || _plan.Trials == 1)
            return [];
        var labels = table.LabelsOf(split.Training);
        return ClassWeights.Imbalanced(table.Target, labels) ? [.. new[] { 0.5, 1 }.Select(power => ClassWeights.Balanced(table.Target, labels, power)).OfType<IReadOnlyList<double>>()] : [];
    }

    // false where the time did not suffice: what is not done to its end is not comparable and dropped, but of the first there must be something
    private bool Try(int number, BoostingParameters parameters, int folds, int patience, double until, CancellationToken cancel)
    {
        if (number != 0 && Elapsed(until))
            return false;
        var stopping = new Stopping(settings.MostRounds, patience) { TimeIsUp = () => Elapsed(until) };
        var outcomes = _tried.TryGetValue(number, out var before) ? before.Trial.Folds.ToList() : [];
        while (outcomes.Count < folds && (outcomes.Count == 0 || !Elapsed(until)))
        {
            var outcome = trainer.Try(split.Folds[outcomes.Count], parameters, stopping, (round, loss) => observer.RoundDone(number, round, loss), cancel);
            if (outcomes.Count > 0 && Elapsed(until))
                break;
            outcomes.Add(outcome);
        }
        var complete = !Elapsed(until) && outcomes.Count == folds;
        if (!complete && number != 0)
            return false;
        var trial = new Trial(number, parameters, outcomes);
        _tried[number] = (trial, Figure(trial));
        observer.TrialDone(number, _tried[number].Figure);
        return complete;
    }

    private double Figure(Trial trial)
    {
        var rows = split.Folds.Take(trial.Folds.Count).SelectMany(f => f.Validation).ToArray();
        var figures = Metrics.Of(table.Target, table.LabelsOf(rows), [.. trial.Folds.SelectMany(f => f.Outputs)]);
        return figures.TryGetValue(_metric, out var figure) ? figure : MetricName.MoreIsBetter(_metric) ? 0 : double.MaxValue;
    }

    private IEnumerable<(Trial Trial, double Figure)> Best(IEnumerable<(Trial Trial, double Figure)> trials) =>
        (MetricName.MoreIsBetter(_metric) ? trials.OrderByDescending(t => t.Figure) : trials.OrderBy(t => t.Figure)).ThenBy(t => t.Trial.Number);
}
