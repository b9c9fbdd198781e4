using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.Search;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Training;

/// <summary>What was learned from a table.</summary>
/// <param name="Model">The trees.</param>
/// <param name="Answer">Classes: what becomes of its probabilities; null for a number.</param>
/// <param name="Search">How the parameters were found; null where there were too few rows to choose by.</param>
/// <param name="Outputs">The answers to the holdout, row-major.</param>
/// <param name="Holdout">Figures on the holdout.</param>
/// <param name="Importance">Features by their gain, falling.</param>
internal sealed record LearnedModel(
    TrainedModel Model, AnswerRule? Answer, SearchOutcome? Search, float[] Outputs, HoldoutFigures Holdout, IReadOnlyList<FeatureImportance> Importance)
{
    /// <summary>How the trees were grown.</summary>
    public required BoostingParameters Parameters { get; init; }
}

/// <summary>Figures on the holdout; all empty or null without one.</summary>
/// <param name="Metric">The figure the model is judged by.</param>
/// <param name="Figures">Of the model.</param>
/// <param name="Intervals">How far these could be off.</param>
/// <param name="Baseline">Of an answer that does not look at the row.</param>
/// <param name="Linear">Of a linear model.</param>
/// <param name="Curves">For drawing.</param>
internal sealed record HoldoutFigures(
    string Metric, IReadOnlyDictionary<string, double> Figures, IReadOnlyDictionary<string, Interval> Intervals, IReadOnlyDictionary<string, double> Baseline,
    IReadOnlyDictionary<string, double> Linear, Curves? Curves);

/// <summary>Learns from a table that is ready: baselines, search, the trees that are kept, and what they are worth on the holdout.</summary>
internal sealed class ModelLearning(TrainingTable table, TrainingSettings settings, TrainingObserver observer)
{
    /// <summary>Where the folds cannot tell when to stop, this many rounds are grown, or fewer where fewer are allowed.</summary>
    private const int RoundsWithoutFolds = 100;

    private readonly LearningTable _learning = table.Learning;
    private readonly string _metric = MetricName.Require(settings.Metric, table.Target);

    /// <summary>Learns. Interrupted after the first trial it keeps the best so far.</summary>
    /// <exception cref="OperationCanceledException">Interrupted before anything was learned.</exception>
    public LearnedModel Run(CancellationToken cancel)
    {
        // what needs no trees comes first: it is quick, and tells what trees have to beat
        var plain = Baselines(cancel);
        if (table.ClassRows.Count > 0)
            observer.ClassesCounted(table.Target, table.ClassRows);
        observer.BaselinesKnown(_metric, plain.Baseline, plain.Linear);
        Memory.GiveBack();
        using var trainer = new Trainer(_learning, new(table.Target, _metric), settings.Seed, settings.Threads);
        var search = table.Split.Folds.Count == 0 ? null : new ParameterSearch(trainer, _learning, table.Split, settings, observer).Run(cancel);
        // what an interruption keeps is grown to its end
        var growing = search?.Ended == SearchEnd.Interrupted ? CancellationToken.None : cancel;
        var parameters = search?.Best.Parameters ?? SearchSpace.At(0, settings.Seed, _learning.Columns.Length) with { ClassWeights = settings.ClassWeight.For(table.Target, _learning.LabelsOf(table.Split.Training)) };
        trainer.Release();
        Memory.GiveBack();
        var model = trainer.Grow(table.Split.Training, parameters, search?.Best.Rounds ?? Math.Min(settings.MostRounds, RoundsWithoutFolds), null, growing);
        return Judge(model, parameters, search, plain);
    }

    /// <summary>Grows trees with parameters that are known, as a former training found them.</summary>
    public byte[] Repeat(BoostingParameters parameters, int rounds, CancellationToken cancel)
    {
        using var trainer = new Trainer(_learning, new(table.Target, _metric), settings.Seed, settings.Threads);
        return trainer.Grow(table.Split.Training, parameters, rounds, null, cancel).Model;
    }

    private LearnedModel Judge(TrainedModel model, BoostingParameters parameters, SearchOutcome? search, Plain plain)
    {
        var answer = table.Target.Task == LearningTask.Regression ? null : LearnAnswer(search, parameters.ClassWeights);
        var outputs = new float[table.Split.Holdout.Length * table.Target.Outputs];
        if (outputs.Length > 0)
        {
            using var booster = Booster.Load(model.Model, settings.Threads);
            var rows = new RowSelection(_learning.Values, table.Split.Holdout, _learning.Columns);
            var batch = new float[rows.BatchRows * rows.Columns];
            for (var row = 0; row < rows.Rows;)
            {
                var read = rows.Read(row, batch);
                booster.Predict(batch.AsSpan(0, read * rows.Columns), read, outputs.AsSpan(row * table.Target.Outputs, read * table.Target.Outputs));
                row += read;
            }
            answer?.Apply(outputs);
        }
        return new(model, answer, search, outputs, Figures(outputs, answer, search, plain), Importance(table.Preparation, model)) { Parameters = parameters };
    }

    private AnswerRule LearnAnswer(SearchOutcome? search, IReadOnlyList<double>? weights)
    {
        var rows = search is null ? [] : table.Split.Folds.Take(search.Best.Folds.Count).SelectMany(f => f.Validation).ToArray();
        return AnswerRule.Learn(_metric, table.Target, _learning.LabelsOf(rows), [.. search?.Best.Folds.SelectMany(f => f.Outputs) ?? []], weights, settings.ClassWeight.Rule != ClassWeightRule.Auto);
    }

    private HoldoutFigures Figures(float[] outputs, AnswerRule? answer, SearchOutcome? search, Plain plain)
    {
        if (outputs.Length == 0)
            return new(_metric, new Dictionary<string, double>(), new Dictionary<string, Interval>(), new Dictionary<string, double>(), new Dictionary<string, double>(), null);
        var labels = _learning.LabelsOf(table.Split.Holdout);
        return new(
            _metric, Metrics.Of(table.Target, labels, outputs, answer), ConfidenceIntervals.Of(table.Target, labels, outputs, answer, settings.Seed),
            plain.Baseline, plain.Linear,
            Curves.Of(table.Target, labels, outputs, answer) with { Learning = search is null ? null : Curves.LearningOf([.. search.Best.Folds.Select(f => f.Losses)]) });
    }

    private Plain Baselines(CancellationToken cancel) => table.Split.Holdout.Length == 0
        ? new(new Dictionary<string, double>(), new Dictionary<string, double>())
        : new(Baseline.Figures(table.Target, _learning.LabelsOf(table.Split.Training), _learning.LabelsOf(table.Split.Holdout)), LinearBaseline.Figures(_learning, table.Split, settings.Threads, cancel));

    private sealed record Plain(IReadOnlyDictionary<string, double> Baseline, IReadOnlyDictionary<string, double> Linear);

    private static FeatureImportance[] Importance(TablePreparation preparation, TrainedModel model)
    {
        var total = model.Gains.Values.Sum();
        return [.. preparation.Columns
            .SelectMany(c => c.Features.Select(f => new FeatureImportance(f, c.Name, total > 0 ? model.Gains.GetValueOrDefault(f) / total : 0)))
            .OrderByDescending(f => f.Gain).ThenBy(f => f.Feature, StringComparer.Ordinal)];
    }
}
