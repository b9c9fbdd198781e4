using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
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
        var figure = Metrics.Of(prepared.Target, test.Labels, Answers(learned.Model.Model, prepared.Target, test))[metric];
        NotWorseThanPlain(prepared, test, metric, figure);

        TestContext.Current.SendDiagnosticMessage("{0}: {1} {2:0.####}, holdout {3:0.####}, linear {4:0.####}, {5} rounds, {6} trials, {7}", table, metric, figure, learned.Holdout.Figures[metric],
            learned.Holdout.Linear.GetValueOrDefault(metric), learned.Model.Rounds, learned.Search?.Tried.Count, learned.Search?.Best.Parameters);
        foreach (var (trial, of) in learned.Search!.Tried)
            TestContext.Current.SendDiagnosticMessage("{0}: {1:0.#####} on {2} folds, {3} rounds, {4}", trial.Number, of, trial.Folds.Count, trial.Rounds, trial.Parameters);
        if (metric == "rmse")
            Assert.InRange(figure, 0, bound);
        else
            Assert.InRange(figure, bound, 1);
    }

    /// <summary>What is easily made worse than by doing nothing: noise, few rows, a rare class, very many categories, outliers.</summary>
    [Theory]
    [InlineData("noise", "SELECT hash('a' || i) % 100 AS a, hash('b' || i) % 100 AS b, hash('c' || i) % 100 AS c, hash('y' || i) % 2 = 0 AS y FROM range({0}, {1}) t(i)", 600)]
    [InlineData("few rows", "SELECT (hash('a' || i) % 100) / 10.0 AS a, (hash('b' || i) % 100) / 10.0 AS b, a + b + (hash('y' || i) % 100) / 50.0 AS y FROM range({0}, {1}) t(i)", 90)]
    [InlineData("a rare class", "SELECT hash('a' || i) % 100 AS a, hash('b' || i) % 100 AS b, hash('a' || i) % 100 + hash('y' || i) % 60 > 152 AS y FROM range({0}, {1}) t(i)", 1500)]
    [InlineData("categories", "SELECT 'c' || (hash('a' || i) % 400) AS a, 's' || (hash('b' || i) % 8) AS b, hash('c' || i) % 50 AS c, hash('a' || i) % 400 % 7 + hash('b' || i) % 8 + hash('y' || i) % 5 > 9 AS y FROM range({0}, {1}) t(i)", 1500)]
    [InlineData("outliers", "SELECT hash('a' || i) % 100 AS a, hash('b' || i) % 100 AS b, a * 3.0 + CASE WHEN hash('y' || i) % 50 = 0 THEN 5000 ELSE hash('z' || i) % 40 END AS y FROM range({0}, {1}) t(i)", 1000)]
    public void Run_OnAnyTable_IsNotWorseThanPlainXGBoost(string about, string select, int rows)
    {
        using var tables = new Tables();
        var cancel = TestContext.Current.CancellationToken;
        var settings = new TrainingSettings { Trials = 2 };
        SourceTable Of(int from, int to) => tables.Of(select.Replace("{0}", $"{from}", StringComparison.Ordinal).Replace("{1}", $"{to}", StringComparison.Ordinal));
        var prepared = new TableTraining(tables.Connection, new()).Prepare(Of(0, rows), new("y", null, [], about is "noise" or "categories" ? ["a", "b", "c"] : ["a", "b"], new(), settings), cancel);
        var learned = new ModelLearning(prepared, settings, new()).Run(cancel);
        TestContext.Current.SendDiagnosticMessage("{0}: {1} training rows, {2} rounds, {3} trials, {4}", about, prepared.Split.Training.Length, learned.Model.Rounds, learned.Search?.Tried.Count, learned.Search?.Best.Parameters);
        foreach (var (trial, of) in learned.Search?.Tried ?? [])
            TestContext.Current.SendDiagnosticMessage("{0}: {1:0.#####} on {2} folds, {3} rounds, {4}", trial.Number, of, trial.Folds.Count, trial.Rounds, trial.Parameters);
        var test = LearningTableReader.Read(tables.Connection, Of(100_000, 102_000), prepared.Preparation, prepared.Target, new(), null, cancel).Table;
        var metric = MetricName.Default(prepared.Target);
        NotWorseThanPlain(prepared, test, metric, Metrics.Of(prepared.Target, test.Labels, Answers(learned.Model.Model, prepared.Target, test))[metric]);
    }

    // XGBoost's own defaults on the same rows; worse is what lies outside the interval of its figure
    private static void NotWorseThanPlain(TrainingTable prepared, LearningTable test, string metric, double figure)
    {
        using var trainer = new Trainer(prepared.Learning, new(prepared.Target, metric), 42, Environment.ProcessorCount);
        var plain = trainer.Grow(prepared.Split.Training, new() { LearningRate = 0.3, Depth = 6, RowShare = 1, ColumnShare = 1, OneHotBelow = 4 }, 100, null, TestContext.Current.CancellationToken);
        var interval = ConfidenceIntervals.Of(prepared.Target, test.Labels, Answers(plain.Model, prepared.Target, test), null, 42)[metric];
        TestContext.Current.SendDiagnosticMessage("{0}: {1:0.#####}, plain XGBoost {2:0.#####} to {3:0.#####}", metric, figure, interval.Low, interval.High);
        if (MetricName.MoreIsBetter(metric))
            Assert.True(figure >= interval.Low, $"{metric} {figure} where plain XGBoost reaches {interval}");
        else
            Assert.True(figure <= interval.High, $"{metric} {figure} where plain XGBoost reaches {interval}");
    }

    private static float[] Answers(byte[] model, Target target, LearningTable test)
    {
        using var booster = Booster.Load(model, 1);
        var outputs = new float[test.Values.Rows * target.Outputs];
        booster.Predict(new RowSelection(test.Values, Enumerable.Range(0, test.Values.Rows).ToArray(), test.Columns).ToArray(), test.Values.Rows, outputs);
        return outputs;
    }
}
