using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Registry.Promotion;

/// <summary>What a version must show before it serves.</summary>
/// <param name="catalog">The bucket's models.</param>
/// <param name="time">For the latency.</param>
/// <param name="tables">The tables of the bucket; null: only what is recorded is checked.</param>
internal sealed class PromotionGate(ModelCatalog catalog, TimeProvider time, GateTables? tables = null)
{
    private const int LatencyRows = 300;
    private static readonly TimeSpan MostLatency = TimeSpan.FromMilliseconds(10);

    /// <summary>Checks a version against what the aliases name now.</summary>
    /// <param name="candidate">The version.</param>
    /// <param name="to">The alias it is to get.</param>
    /// <param name="book">The aliases.</param>
    /// <param name="rule"><c>--if</c>, or null.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<IReadOnlyList<GateCheck>> CheckAsync(ModelDescription candidate, string to, AliasesDocument book, string? rule, CancellationToken cancel)
    {
        var checks = new List<GateCheck>(await ArtifactsAsync(candidate, cancel));
        var named = new Dictionary<string, ModelDescription>(StringComparer.Ordinal);
        foreach (var (alias, version) in book.Aliases)
            if (await catalog.RunAsync(candidate.Run.Model, version, cancel) is not null)
                named[alias] = version == candidate.Run.ModelVersion ? candidate : await catalog.DescribeAsync(candidate.Run.Model, version, cancel);
        if (tables is not null)
            checks.Insert(1, Schema(candidate, await tables.DifferencesAsync(candidate, cancel)));
        var figures = await FiguresAsync(candidate, named, to, rule, cancel);
        if (to == AliasesDocument.Production && named.GetValueOrDefault(AliasesDocument.Production) is { } production)
            checks.Add(NoWorse(candidate, production, figures.GetValueOrDefault(AliasesDocument.Production)));
        if (rule is not null)
            checks.Add(new("rule", GateRule.Holds(rule, name => Figure(name, candidate.Metrics, figures)), rule));
        return checks;
    }

    // what the others reach on the candidate's own holdout, where they were judged by other rows
    private async Task<IReadOnlyDictionary<string, OthersFigures>> FiguresAsync(
        ModelDescription candidate, Dictionary<string, ModelDescription> named, string to, string? rule, CancellationToken cancel)
    {
        var figures = new Dictionary<string, OthersFigures>(StringComparer.Ordinal);
        foreach (var (alias, model) in named)
        {
            var wanted = rule?.Contains($"{alias}.", StringComparison.Ordinal) == true || (alias == AliasesDocument.Production && to == alias);
            if (candidate.SameHoldoutAs(model))
                figures[alias] = new(model.Metrics.Holdout, HoldoutKind.Recorded);
            else if (wanted && tables is not null && await tables.ScoreAsync(candidate, model, cancel) is { } scored)
                figures[alias] = new(scored, HoldoutKind.Scored);
            else
                figures[alias] = new(model.Metrics.Holdout, HoldoutKind.Other);
        }
        return figures;
    }

    private async Task<IReadOnlyList<GateCheck>> ArtifactsAsync(ModelDescription candidate, CancellationToken cancel)
    {
        try
        {
            using var booster = ModelOpening.Open(candidate, await catalog.TreesAsync(candidate, cancel), 1);
            return [new("artifacts", true, "all files are those that were registered, and the trees have the features that features.json names"), Latency(booster, candidate.Features.Target.Outputs)];
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Failed)
        {
            return [new("artifacts", false, error.What)];
        }
    }

    private static GateCheck Schema(ModelDescription candidate, IReadOnlyList<(string Column, string Difference)>? differences) => new("schema", differences is not { Count: > 0 }, differences switch
    {
        null => $"`{candidate.Run.Table}` is not there any more: the columns could not be compared",
        [] => $"`{candidate.Run.Table}` has the columns of the model",
        _ => $"`{candidate.Run.Table}` does not fit: {string.Join("; ", differences.Take(5).Select(d => $"`{d.Column}` {d.Difference}"))}",
    });

    private GateCheck Latency(Training.XGBoost.Booster booster, int outputs)
    {
        var row = new float[booster.FeatureCount];
        var answer = new float[outputs];
        var times = new List<TimeSpan>();
        for (var i = 0; i < LatencyRows; i++)
        {
            var started = time.GetTimestamp();
            booster.Predict(row, 1, answer);
            times.Add(time.GetElapsedTime(started));
        }
        times.Sort();
        // one in ten may be the machine's fault, not the model's
        var slow = times[LatencyRows * 9 / 10];
        return new("latency", slow <= MostLatency, string.Create(CultureInfo.InvariantCulture, $"{slow.TotalMilliseconds:0.###} ms for one row (90 of 100), at most {MostLatency.TotalMilliseconds:0} ms"));
    }

    private static GateCheck NoWorse(ModelDescription candidate, ModelDescription production, OthersFigures? figures)
    {
        var metric = candidate.Metrics.Metric;
        var ours = candidate.Metrics.Headline(candidate.Metrics.Holdout);
        double? theirs = figures?.Figures.TryGetValue(metric, out var figure) == true ? figure : null;
        var compared = string.Create(CultureInfo.InvariantCulture, $"{metric} {ours:0.#####} against {theirs:0.#####} of version {production.Run.ModelVersion}");
        if (candidate.Features.Target.Column != production.Features.Target.Column || candidate.Features.Target.Task != production.Features.Target.Task || candidate.Features.Target.Quantile != production.Features.Target.Quantile)
            return new("production", false, $"it predicts `{candidate.Features.Target.Column}`, version {production.Run.ModelVersion} predicts `{production.Features.Target.Column}`");
        if (ours is not { } mine || theirs is not { } its)
            return new("production", false, $"there are no holdout figures of {metric} to compare");
        if (figures!.Kind == HoldoutKind.Recorded)
            return new("production", !MetricName.Better(metric, its, mine), $"{compared}, on the same holdout");
        // other rows, or rows that it may have learned from: a difference within what chance does to the figure is none
        var interval = candidate.Metrics.Intervals.GetValueOrDefault(metric);
        var possible = interval is null ? mine : MetricName.MoreIsBetter(metric) ? interval.High : interval.Low;
        return new("production", !MetricName.Better(metric, its, possible), string.Create(CultureInfo.InvariantCulture, $"{compared}, {(figures.Kind == HoldoutKind.Scored ? "which answered the same holdout and may have learned from it" : "on other rows")}: with 95 % confidence {interval?.Low:0.#####} to {interval?.High:0.#####}"));
    }

    // auc, holdout.auc, baseline.auc, linear.auc, prod.auc, staging.auc; NaN where the alias names nothing yet
    private static double? Figure(string name, MetricsDocument metrics, IReadOnlyDictionary<string, OthersFigures> others)
    {
        var parts = name.Split('.');
        if (!metrics.Holdout.TryGetValue(parts[^1], out var own) || parts.Length > 2)
            return null;
        if (parts.Length == 1)
            return own;
        return parts[0] switch
        {
            "holdout" => own,
            "baseline" => metrics.Baseline.TryGetValue(parts[1], out var baseline) ? baseline : double.NaN,
            "linear" => metrics.Linear.TryGetValue(parts[1], out var linear) ? linear : double.NaN,
            AliasesDocument.Production or AliasesDocument.Staging or AliasesDocument.Development =>
                others.GetValueOrDefault(parts[0])?.Figures.TryGetValue(parts[1], out var other) == true ? other : double.NaN,
            _ => null,
        };
    }
}

/// <summary>What a gate asks the tables of a bucket.</summary>
/// <param name="ScoreAsync">The figures of the second version on the holdout of the first; null where they cannot be worked out.</param>
/// <param name="DifferencesAsync">What of the table that a version was trained on does not fit it any more; null where that table is gone.</param>
internal sealed record GateTables(
    Func<ModelDescription, ModelDescription, CancellationToken, Task<IReadOnlyDictionary<string, double>?>> ScoreAsync,
    Func<ModelDescription, CancellationToken, Task<IReadOnlyList<(string Column, string Difference)>?>> DifferencesAsync);

/// <summary>Which rows figures come from.</summary>
internal enum HoldoutKind
{
    /// <summary>The candidate's holdout, recorded in training: both were trained on the same snapshot and split.</summary>
    Recorded,

    /// <summary>The candidate's holdout, answered now.</summary>
    Scored,

    /// <summary>The version's own holdout.</summary>
    Other,
}

/// <summary>What another version reaches.</summary>
/// <param name="Figures">By name.</param>
/// <param name="Kind">On which rows.</param>
internal sealed record OthersFigures(IReadOnlyDictionary<string, double> Figures, HoldoutKind Kind);
