using DataSpoc.Ml.Data;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Training;

/// <summary>A table in memory, ready to be learned from.</summary>
/// <param name="Values">The features of every row.</param>
/// <param name="Columns">Positions in <paramref name="Values"/> of the features that are used.</param>
/// <param name="Features">Names and types of these, in the same order.</param>
/// <param name="Labels">One per row.</param>
/// <param name="Target">What the labels are.</param>
internal sealed record LearningTable(FloatTable Values, int[] Columns, IReadOnlyList<FeatureColumn> Features, float[] Labels, Target Target)
{
    /// <summary>How much each row counts in training; null where all count the same.</summary>
    public float[]? Weights { get; init; }

    /// <summary>The labels of some rows.</summary>
    public float[] LabelsOf(int[] rows) => Array.ConvertAll(rows, row => Labels[row]);

    /// <summary>The weights of some rows.</summary>
    /// <param name="rows">Which.</param>
    /// <param name="classes">What the rows of each class count besides; null where all count the same.</param>
    public float[]? WeightsOf(int[] rows, IReadOnlyList<double>? classes = null) => (Weights, classes) switch
    {
        (null, null) => null,
        (_, null) => Array.ConvertAll(rows, row => Weights[row]),
        _ => Array.ConvertAll(rows, row => (float)((Weights?[row] ?? 1) * classes[(int)Labels[row]])),
    };
}

/// <summary>A model as trained.</summary>
/// <param name="Model">UBJSON bytes.</param>
/// <param name="Rounds">Rounds of trees in it.</param>
/// <param name="Gains">Total gain per feature name; a feature that is never split by is not there.</param>
/// <param name="Parameters">XGBoost's parameters that it was made with.</param>
internal sealed record TrainedModel(byte[] Model, int Rounds, IReadOnlyDictionary<string, double> Gains, IReadOnlyDictionary<string, string> Parameters);

/// <summary>What a fold showed.</summary>
/// <param name="Rounds">The best number of rounds.</param>
/// <param name="Losses">The loss on the validation rows after each round, to the last that was grown.</param>
/// <param name="Outputs">The answers for the validation rows after the best round; probabilities are those of rows that all count the same.</param>
internal sealed record FoldOutcome(int Rounds, IReadOnlyList<double> Losses, float[] Outputs);

/// <summary>Grows trees on a table. Keeps the matrices of folds, which every set of parameters uses again.</summary>
/// <param name="table">The table.</param>
/// <param name="objective">What is minimised.</param>
/// <param name="seed">For the rows and columns of each tree.</param>
/// <param name="threads">At least 1.</param>
internal sealed class Trainer(LearningTable table, LearningObjective objective, long seed, int threads) : IDisposable
{
    private readonly Dictionary<Fold, (Matrix Fitting, Matrix Validation)> _matrices = [];
    private readonly Dictionary<Fold, IReadOnlyList<double>> _weighted = [];

    /// <summary>Grows trees on a fold until its validation rows do not get better.</summary>
    /// <param name="fold">Which rows.</param>
    /// <param name="parameters">How.</param>
    /// <param name="stopping">When.</param>
    /// <param name="progress">Told after every round: rounds so far and the validation loss.</param>
    /// <param name="cancel">Ends it between two rounds.</param>
    /// <exception cref="OperationCanceledException">Between two rounds.</exception>
    public FoldOutcome Try(Fold fold, BoostingParameters parameters, Stopping stopping, Action<int, double>? progress, CancellationToken cancel)
    {
        var (fitting, validation) = MatricesOf(fold, parameters.ClassWeights);
        using var booster = Booster.Create([fitting, validation], Parameters(parameters, fold.Fitting));
        if (table.Target.Quantile is not null)
            return TryQuantile(booster, fold, fitting, validation, stopping, progress, cancel);
        var losses = new List<double>();
        var best = 0;
        for (var round = 0; stopping.GoesOn(round, best); round++)
        {
            cancel.ThrowIfCancellationRequested();
            booster.Update(round, fitting);
            losses.Add(booster.Evaluate(round, validation));
            progress?.Invoke(round + 1, losses[round]);
            if (losses[round] < losses[best])
                best = round;
        }
        var outputs = booster.Predict(validation, best + 1);
        if (parameters.ClassWeights is { } weights)
            ClassWeights.TakeOut(outputs, weights, table.Target.Task == LearningTask.Binary);
        return new(best + 1, losses, outputs);
    }

    private FoldOutcome TryQuantile(Booster booster, Fold fold, Matrix fitting, Matrix validation, Stopping stopping, Action<int, double>? progress, CancellationToken cancel)
    {
        var rounds = Quantile(booster, fitting, fold.Fitting);
        var labels = table.LabelsOf(fold.Validation);
        float[] answers = [.. Enumerable.Repeat((float)BaseScore(fold.Fitting, null), labels.Length)];
        var losses = new List<double>();
        var best = 0;
        for (var round = 0; stopping.GoesOn(round, best); round++)
        {
            cancel.ThrowIfCancellationRequested();
            rounds.Add();
            rounds.Follow(answers, validation);
            losses.Add(rounds.Loss(labels, answers));
            progress?.Invoke(round + 1, losses[round]);
            if (losses[round] < losses[best])
                best = round;
        }
        return new(best + 1, losses, booster.Predict(validation, best + 1));
    }

    /// <summary>Grows the trees that are kept.</summary>
    /// <exception cref="OperationCanceledException">Between two rounds.</exception>
    public TrainedModel Grow(int[] rows, BoostingParameters growing, int rounds, Action<int>? progress, CancellationToken cancel)
    {
        using var training = Quantiles(rows);
        Weigh(training, rows, growing.ClassWeights);
        var parameters = Parameters(growing, rows);
        using var booster = Booster.Create([training], parameters);
        var quantile = table.Target.Quantile is null ? null : Quantile(booster, training, rows);
        for (var round = 0; round < rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            if (quantile is null)
                booster.Update(round, training);
            else
                quantile.Add();
            progress?.Invoke(round + 1);
        }
        booster.Describe(table.Features);
        return new(booster.Save(), rounds, booster.TotalGain(), parameters.Where(p => p.Key != "nthread").ToDictionary(StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Frees the folds' matrices; a later trial makes them again.</summary>
    public void Release()
    {
        foreach (var (fitting, validation) in _matrices.Values)
        {
            fitting.Dispose();
            validation.Dispose();
        }
        _matrices.Clear();
    }

    private QuantileRounds Quantile(Booster booster, Matrix training, int[] rows) =>
        new(booster, training, table.LabelsOf(rows), table.WeightsOf(rows), table.Target.Quantile!.Value, BaseScore(rows, null));

    private (Matrix Fitting, Matrix Validation) MatricesOf(Fold fold, IReadOnlyList<double>? classes)
    {
        var made = !_matrices.TryGetValue(fold, out var matrices);
        if (made)
            _matrices[fold] = matrices = (Quantiles(fold.Fitting), Exact(fold.Validation));
        // the same matrices serve trials of other weights
        var wanted = classes ?? Even;
        if (!made && ReferenceEquals(_weighted[fold], wanted))
            return matrices;
        _weighted[fold] = wanted;
        Weigh(matrices.Fitting, fold.Fitting, made ? classes : wanted);
        Weigh(matrices.Validation, fold.Validation, made ? classes : wanted);
        return matrices;
    }

    private IReadOnlyList<double> Even { get; } = [.. table.Target.Classes.Select(_ => 1.0)];

    private Matrix Quantiles(int[] rows) => Matrix.Quantiles(new RowSelection(table.Values, rows, table.Columns), table.Features, table.LabelsOf(rows), BoostingParameters.Bins(table.Columns.Length), threads);

    private Matrix Exact(int[] rows) =>
        Matrix.Dense(new RowSelection(table.Values, rows, table.Columns).ToArray(), rows.Length, table.Features, table.LabelsOf(rows), threads);

    private void Weigh(Matrix matrix, int[] rows, IReadOnlyList<double>? classes)
    {
        if (table.WeightsOf(rows, classes) is { } weights)
            matrix.Weigh(weights);
    }

    private IReadOnlyList<KeyValuePair<string, string>> Parameters(BoostingParameters parameters, int[] rows) => parameters.For(objective, BaseScore(rows, parameters.ClassWeights), table.Columns.Length, seed, threads);

    // what is best without any tree; a binary one must lie strictly between 0 and 1
    private double BaseScore(int[] rows, IReadOnlyList<double>? classes)
    {
        if (table.Target.Task == LearningTask.Multiclass)
            return 0.5;
        if (table.Target.Quantile is { } quantile)
            return QuantileRounds.Of(table.LabelsOf(rows), table.WeightsOf(rows), quantile);
        var (sum, weights) = (0.0, 0.0);
        foreach (var row in rows)
        {
            var weight = (table.Weights is { } given ? given[row] : 1.0) * (classes?[(int)table.Labels[row]] ?? 1);
            sum += weight * table.Labels[row];
            weights += weight;
        }
        var mean = weights > 0 ? sum / weights : 0;
        return table.Target.Task == LearningTask.Binary ? Math.Clamp(mean, 1e-6, 1 - 1e-6) : mean;
    }
}

/// <summary>When no more trees are grown.</summary>
/// <param name="MostRounds">After this many rounds.</param>
/// <param name="Patience">After this many rounds without a better figure.</param>
internal sealed record Stopping(int MostRounds, int Patience)
{
    /// <summary>Rounds that are grown however late it is: fewer make no model.</summary>
    private const int LeastRounds = 20;

    /// <summary>Whether the time is up.</summary>
    public Func<bool> TimeIsUp { get; init; } = static () => false;

    /// <summary>Whether another round is grown.</summary>
    /// <param name="rounds">Rounds so far.</param>
    /// <param name="best">The best of them, from 0 on.</param>
    public bool GoesOn(int rounds, int best) => rounds < MostRounds && rounds - best < Patience && (rounds < LeastRounds || !TimeIsUp());
}
