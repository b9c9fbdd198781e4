using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Monitoring;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Commands;

/// <summary>Puts into documents what a training brought. Pure.</summary>
internal static class TrainedDocuments
{
    /// <summary>The version as it is registered.</summary>
    public static NewVersion Of(
        LoggedRun run, SourceTable source, TrainingTable table, LearnedModel trained, IReadOnlyList<ColumnDistribution> profile, IReadOnlyDictionary<string, double> seconds,
        IReadOnlyList<string> command, string engine, TrainingRequest request)
    {
        var metric = trained.Holdout.Metric;
        var features = new FeaturesDocument(ModelDocuments.Version, run.Model, 0, table.Target, table.Preparation.Columns, table.Preparation.LeftOut, table.Keys, source.Name, source.Input)
        {
            Answer = trained.Answer == AnswerRule.Plain ? null : trained.Answer,
            Profile = profile,
            Views = source.Views,
            Predictions = AnswerDistribution.Describe(table.Target, trained.Outputs),
        };
        var metrics = new MetricsDocument(
            ModelDocuments.Version, run.Model, 0, table.Target.Task, metric, table.Rows, trained.Holdout.Figures, trained.Holdout.Baseline, trained.Model.Rounds, trained.Importance, trained.Search?.Figure)
        {
            Intervals = trained.Holdout.Intervals,
            Linear = trained.Holdout.Linear,
            Classes = table.ClassRows,
            Scheme = table.Scheme,
            Search = SearchRecord.Of(trained.Search, metric),
            Curves = trained.Holdout.Curves,
            Seconds = seconds,
        };
        var document = new TrainingRunDocument(
            ModelDocuments.Version, run.RunId, VersionStatus.Writing, run.Model, 0, MlHost.Tool, engine, command, source.Name, request.Settings.Seed, trained.Model.Parameters, run.StartedAt, source.Input)
        {
            Revision = MlHost.Revision,
            Request = new(request.Target, request.Task, request.Excluded, request.Kept, request.Roles, metric, trained.Parameters, trained.Model.Rounds) { Sample = request.Settings.Sample, ClassWeight = table.Target.Task == LearningTask.Regression ? null : request.Settings.ClassWeight.Text },
        };
        return new(document, features, metrics, trained.Model.Model);
    }
}
