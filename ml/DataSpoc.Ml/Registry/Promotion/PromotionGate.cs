using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Registry.Promotion;

/// <summary>What a version must show before it serves.</summary>
/// <param name="catalog">The bucket's models.</param>
/// <param name="time">For the latency.</param>
internal sealed class PromotionGate(ModelCatalog catalog, TimeProvider time)
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
        if (to == AliasesDocument.Production && named.GetValueOrDefault(AliasesDocument.Production) is { } production)
            checks.Add(NoWorse(candidate, production));
        if (rule is not null)
            checks.Add(new("rule", GateRule.Holds(rule, name => Figure(name, candidate.Metrics, named)), rule));
        return checks;
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

    private static GateCheck NoWorse(ModelDescription candidate, ModelDescription production)
    {
        var metric = candidate.Metrics.Metric;
        var ours = candidate.Metrics.Headline(candidate.Metrics.Holdout);
        double? theirs = production.Metrics.Holdout.TryGetValue(metric, out var figure) ? figure : null;
        var compared = string.Create(CultureInfo.InvariantCulture, $"{metric} {ours:0.#####} against {theirs:0.#####} of version {production.Run.ModelVersion}");
        if (candidate.Features.Target.Column != production.Features.Target.Column || candidate.Features.Target.Task != production.Features.Target.Task)
            return new("production", false, $"it predicts `{candidate.Features.Target.Column}`, version {production.Run.ModelVersion} predicts `{production.Features.Target.Column}`");
        if (ours is not { } mine || theirs is not { } its)
            return new("production", false, $"there are no holdout figures of {metric} to compare");
        if (candidate.SameHoldoutAs(production))
            return new("production", !MetricName.Better(metric, its, mine), $"{compared}, on the same holdout");
        // other rows: a difference within what chance does to the figure is none
        var interval = candidate.Metrics.Intervals.GetValueOrDefault(metric);
        var possible = interval is null ? mine : MetricName.MoreIsBetter(metric) ? interval.High : interval.Low;
        return new("production", !MetricName.Better(metric, its, possible), string.Create(CultureInfo.InvariantCulture, $"{compared}, on other rows: with 95 % confidence {interval?.Low:0.#####} to {interval?.High:0.#####}"));
    }

    // auc, holdout.auc, baseline.auc, linear.auc, prod.auc, staging.auc; NaN where the alias names nothing yet
    private static double? Figure(string name, MetricsDocument metrics, Dictionary<string, ModelDescription> named)
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
                named.GetValueOrDefault(parts[0])?.Metrics.Holdout.TryGetValue(parts[1], out var other) == true ? other : double.NaN,
            _ => null,
        };
    }
}
