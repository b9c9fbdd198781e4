using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Monitoring;

/// <summary>When a difference is an alarm.</summary>
/// <param name="Level">The most false alarms among alarms, above 0 to below 1.</param>
/// <param name="Effect">The least distance of Jensen and Shannon that matters, 0 to 1.</param>
internal sealed record AlarmRule(double Level, double Effect);

/// <summary>Compares a table with what a model was trained on: its columns, the model's answers, and, where the target is there, how good these are.</summary>
internal sealed class DriftCheck(ModelDescription model, Booster booster, AlarmRule rule)
{
    /// <summary>Compares.</summary>
    /// <param name="connection">Used by nobody else meanwhile.</param>
    /// <param name="table">It fits the model.</param>
    /// <param name="cancel">Interrupts.</param>
    public IReadOnlyList<MonitoringLine> Run(Connection connection, SourceTable table, CancellationToken cancel)
    {
        var features = model.Features;
        var now = new DistributionReader(connection, table, cancel).Count(features.Columns, features.Profile);
        var drifts = features.Profile.Zip(now).Select(pair => ColumnDrift.Between(pair.First, pair.Second)).ToList();
        if (features.Predictions is { } former)
            drifts.Add(ColumnDrift.Between(former, Answers(connection, table, former, cancel)));
        var corrected = ColumnDrift.Corrected(drifts);
        var lines = corrected.Select((drift, i) => new MonitoringLine(i < features.Profile.Count ? "column" : "prediction", drift.Column, drift, null, null, drift.Alarms(rule.Level, rule.Effect))).ToList();
        if (table.Columns.Any(c => c.Name == features.Target.Column))
            lines.AddRange(Performance(connection, table, cancel));
        return lines;
    }

    private ColumnDistribution Answers(Connection connection, SourceTable table, ColumnDistribution former, CancellationToken cancel)
    {
        var counts = new long[former.Counts.Count];
        var rows = 0L;
        new TableScoring(model.Features, booster).Run(
            connection, table.From, [],
            (chunk, _, answers) =>
            {
                var some = AnswerDistribution.Count(model.Features.Target, answers, former);
                for (var i = 0; i < counts.Length; i++)
                    counts[i] += some.Counts[i];
                rows += chunk.Count;
            },
            cancel);
        return former with { Rows = rows, Counts = counts };
    }

    // worse than the holdout's interval allows, and surely so
    private IEnumerable<MonitoringLine> Performance(Connection connection, SourceTable table, CancellationToken cancel)
    {
        var scored = ScoredRows.Read(model.Features, booster, connection, table, null, cancel);
        if (scored.Labels.Length == 0)
            yield break;
        var target = model.Features.Target;
        var intervals = ConfidenceIntervals.Of(target, scored.Labels, scored.Outputs, model.Features.Answer, model.Run.Seed);
        foreach (var (metric, value) in Metrics.Of(target, scored.Labels, scored.Outputs, model.Features.Answer))
        {
            double? before = model.Metrics.Holdout.TryGetValue(metric, out var figure) ? figure : null;
            var alarm = metric == model.Metrics.Metric && model.Metrics.Intervals.TryGetValue(metric, out var then) && intervals.TryGetValue(metric, out var here)
                && (MetricName.MoreIsBetter(metric) ? here.High < then.Low : here.Low > then.High);
            yield return new("performance", metric, null, before, value, alarm);
        }
    }
}
