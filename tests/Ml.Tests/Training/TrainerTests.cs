using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Search;
using DataSpoc.Ml.Training.XGBoost;
using Xunit;

namespace Ml.Tests.Training;

public sealed class TrainerTests
{
    private static readonly Target Late = new("late", "BOOLEAN", LearningTask.Binary, ["false", "true"]);

    // late when heavy and far, with one row in twenty turned round
    private static LearningTable Parcels(int rows)
    {
        var random = new Random(5);
        var table = new FloatTable(4);
        var labels = new float[rows];
        for (var i = 0; i < rows; i++)
        {
            var row = table.Append(1);
            for (var c = 0; c < 3; c++)
                row[c] = random.NextSingle();
            row[3] = i;
            labels[i] = (row[0] > 0.5f && row[1] > 0.4f) ^ random.NextSingle() < 0.05f ? 1 : 0;
        }
        return new(table, [0, 1, 2], [new("weight", false), new("distance", false), new("noise", false)], labels, Late);
    }

    private static (TrainedModel Model, SearchOutcome? Search) Train(LearningTable table, RowSplit split, long seed = 42, int rounds = 300, int trials = 1, TrainingObserver? observer = null, CancellationTokenSource? stop = null)
    {
        var settings = new TrainingSettings { Seed = seed, MostRounds = rounds, Trials = trials };
        var rows = new RowCounts(table.Labels.Length, 0, split.Training.Length, 0, split.Holdout.Length);
        var source = new SourceTable("t", "t", []);
        var preparation = new TablePreparation([.. table.Features.Select(f => new PreparedColumn(f.Name, "DOUBLE", ColumnKind.Number, [f.Name]))], []);
        var learned = new ModelLearning(new(source, table.Target, preparation, table, split, "stratified", rows), settings, observer ?? new()).Run(stop?.Token ?? TestContext.Current.CancellationToken);
        return (learned.Model, learned.Search);
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameModelByteForByte()
    {
        var table = Parcels(1500);
        var split = RowSplit.Make(table.Labels, 2, 42);
        Assert.Equal(Train(table, split, trials: 4).Model.Model, Train(table, split, trials: 4).Model.Model);
        Assert.NotEqual(Train(table, split).Model.Model, Train(table, split, seed: 43).Model.Model);
    }

    [Fact]
    public void Run_EnoughRows_StopsBeforeItLearnsNoise()
    {
        var table = Parcels(2000);
        var (model, search) = Train(table, RowSplit.Make(table.Labels, 2, 42), rounds: 1000);
        Assert.Equal(SearchEnd.Planned, search!.Ended);
        Assert.InRange(model.Rounds, 10, 500);
        Assert.True(model.Gains["weight"] > model.Gains["noise"] * 2);
    }

    [Fact]
    public void Run_SeveralTrials_HalvesThemAndKeepsTheBestOfThoseOnAllFolds()
    {
        var table = Parcels(2000);
        var (model, search) = Train(table, RowSplit.Make(table.Labels, 2, 42), trials: 9);
        Assert.Equal([1, 3, 5], search!.Tried.Take(9).Select(t => t.Trial.Folds.Count).Distinct().Order());
        Assert.InRange(search.Tried.Take(9).Count(t => t.Trial.Folds.Count == 1), 5, 6);
        Assert.Equal(5, search.Best.Folds.Count);
        Assert.Equal(search.Tried.Where(t => t.Trial.Folds.Count == 5).Max(t => t.Figure), search.Figure);
        Assert.Equal(search.Best.Rounds, model.Rounds);
    }

    [Fact]
    public void Run_LabelsOfTheHoldout_ChangeNothing()
    {
        var table = Parcels(2000);
        var split = RowSplit.Make(table.Labels, 2, 42);
        var expected = Train(table, split).Model.Model;
        foreach (var row in split.Holdout)
            table.Labels[row] = 1 - table.Labels[row];
        Assert.Equal(expected, Train(table, split).Model.Model);
    }

    [Fact]
    public void Run_FewRows_TrainsWithoutFolds()
    {
        var table = Parcels(60);
        var (model, search) = Train(table, RowSplit.Make(table.Labels, 2, 42));
        Assert.Null(search);
        Assert.Equal(100, model.Rounds);
    }

    [Fact]
    public void Run_CancelledInTheFirstTrial_Ends()
    {
        using var source = new CancellationTokenSource();
        var table = Parcels(2000);
        var observer = new TrainingObserver { RoundDone = (_, round, _) => { if (round == 3) source.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => Train(table, RowSplit.Make(table.Labels, 2, 42), observer: observer, stop: source));
    }

    [Fact]
    public void Run_CancelledAfterATrial_KeepsTheBestSoFar()
    {
        using var source = new CancellationTokenSource();
        var table = Parcels(2000);
        var observer = new TrainingObserver { TrialDone = (trial, _) => { if (trial == 2) source.Cancel(); } };
        var (model, search) = Train(table, RowSplit.Make(table.Labels, 2, 42), trials: 9, observer: observer, stop: source);
        Assert.Equal(SearchEnd.Interrupted, search!.Ended);
        Assert.Equal(3, search.Tried.Count);
        Assert.NotEmpty(model.Model);
    }

    [Fact]
    public void Run_TimeIsUp_EndsWithWhatWasFound()
    {
        var table = Parcels(2000);
        var settings = new TrainingSettings { Budget = TimeSpan.FromTicks(1), Trials = null };
        using var trainer = new Trainer(table, new(table.Target, "auc"), 42, 1);
        var search = new ParameterSearch(trainer, table, RowSplit.Make(table.Labels, 2, 42), settings, new()).Run(TestContext.Current.CancellationToken);
        Assert.Equal(SearchEnd.Budget, search.Ended);
        // the first trial ends too: on a wide table one fold alone may take longer than the whole budget
        Assert.Equal(20, Assert.Single(Assert.Single(search.Tried).Trial.Folds).Losses.Count);
    }

    [Theory]
    [InlineData(1, 256)]
    [InlineData(1000, 256)]
    [InlineData(5000, 51)]
    [InlineData(1_000_000, 32)]
    public void Bins_OfThousandsOfColumns_AreFewerEach(int columns, int bins) => Assert.Equal(bins, BoostingParameters.Bins(columns));

    [Fact]
    public void Run_Weights_Count()
    {
        var table = Parcels(1000);
        var split = RowSplit.Make(table.Labels, 2, 42);
        var weighted = table with { Weights = [.. table.Labels.Select(label => label > 0.5f ? 20f : 1f)] };
        Assert.NotEqual(Train(table, split).Model.Model, Train(weighted, split).Model.Model);
        Assert.True(double.Parse(Train(weighted, split).Model.Parameters["base_score"], System.Globalization.CultureInfo.InvariantCulture) > 0.8);
    }

    [Fact]
    public void Run_RegressionFarFromZero_StartsFromTheMean()
    {
        var table = Parcels(400);
        var labels = table.Labels.Select((label, i) => 1_000_000 + 10 * label + i % 3).ToArray();
        table = table with { Labels = labels, Target = new("price", "DOUBLE", LearningTask.Regression, []) };
        Assert.InRange(Train(table, RowSplit.Make(labels, 0, 42)).Search!.Figure, 0, 4);
    }

    [Fact]
    public void Find_ColumnThatTellsTheTarget_IsSuspected()
    {
        var table = Parcels(1000);
        var leaking = new FloatTable(3);
        for (var i = 0; i < 1000; i++)
        {
            var row = leaking.Append(1);
            row[0] = i % 97;
            row[1] = table.Labels[i] > 0.5f ? 50 + i % 40 : i % 40;
            row[2] = table.Labels[i] > 0.5f ? float.NaN : i % 5;
        }
        var learning = new LearningTable(leaking, [0, 1, 2], [new("fine", false), new("delay", false), new("stamp", true)], table.Labels, Late);
        Assert.Equal([1, 2], LeakSuspects.Find(learning, [.. Enumerable.Range(0, 1000)]));
    }

    [Fact]
    public void Find_StrongButHonestColumns_AreNotSuspected()
    {
        var table = Parcels(3000);
        Assert.Empty(LeakSuspects.Find(table, [.. Enumerable.Range(0, 3000)]));
        var rare = table with { Labels = [.. Enumerable.Range(0, 3000).Select(i => i % 100 == 0 ? 1f : 0f)] };
        Assert.Empty(LeakSuspects.Find(rare, [.. Enumerable.Range(0, 3000)]));
    }

    [Fact]
    public void Find_SameOrderAsANumericTarget_IsSuspected()
    {
        var table = Parcels(500);
        var labels = Enumerable.Range(0, 500).Select(i => MathF.Sqrt(table.Values.Row(i)[1])).ToArray();
        var regression = table with { Labels = labels, Target = new("price", "DOUBLE", LearningTask.Regression, []) };
        Assert.Equal([1], LeakSuspects.Find(regression, [.. Enumerable.Range(0, 500)]));
    }
}
