using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.XGBoost;
using Xunit;

namespace Ml.Tests.Training;

/// <summary>What the defaults reach on public tables with fixed train and test files.</summary>
public sealed class QualityTests
{
    [Theory]
    [InlineData("adult", "income", "auc", 0.927)]
    [InlineData("penguins", "species", "accuracy", 0.97)]
    [InlineData("california_housing", "median_house_value", "rmse", 45_500)]
    public void Run_OnPublicTables_ReachesTheQualityOfTheField(string table, string target, string metric, double bound)
    {
        using var database = Database.Open(new());
        using var connection = database.Connect();
        var cancel = TestContext.Current.CancellationToken;
        // the whole minute is for tests/bench; a few trials reach the bounds too
        var settings = new TrainingSettings { Threads = Environment.ProcessorCount, Trials = Environment.GetEnvironmentVariable("DATASPOC_FULL") is null ? 2 : null };
        var request = new TrainingRequest(target, null, [], [], new(), settings);
        var prepared = new TableTraining(connection, new()).Prepare(SharedTables.Csv(connection, $"ml/{table}_train.csv"), request, cancel);
        var learned = new ModelLearning(prepared, settings, new()).Run(cancel);

        var test = LearningTableReader.Read(connection, SharedTables.Csv(connection, $"ml/{table}_test.csv"), prepared.Preparation, prepared.Target, new(), null, cancel).Table;
        using var booster = Booster.Load(learned.Model.Model, 1);
        var outputs = new float[test.Values.Rows * prepared.Target.Outputs];
        for (var row = 0; row < test.Values.Rows; row++)
            booster.Predict(test.Values.Row(row), 1, outputs.AsSpan(row * prepared.Target.Outputs, prepared.Target.Outputs));
        var figure = Metrics.Of(prepared.Target.Task, test.Labels, outputs)[metric];

        TestContext.Current.SendDiagnosticMessage("{0}: {1} {2:0.####}, holdout {3:0.####}, linear {4:0.####}, {5} rounds, {6} trials, {7}", table, metric, figure, learned.Holdout.Figures[metric],
            learned.Holdout.Linear.GetValueOrDefault(metric), learned.Model.Rounds, learned.Search?.Tried.Count, learned.Search?.Best.Parameters);
        foreach (var (trial, of) in learned.Search!.Tried)
            TestContext.Current.SendDiagnosticMessage("{0}: {1:0.#####} on {2} folds, {3} rounds, {4}", trial.Number, of, trial.Folds.Count, trial.Rounds, trial.Parameters);
        if (metric == "rmse")
            Assert.InRange(figure, 0, bound);
        else
            Assert.InRange(figure, bound, 1);
    }
}
