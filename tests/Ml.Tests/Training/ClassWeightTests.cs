using DataSpoc.Contracts;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.XGBoost;
using Xunit;

namespace Ml.Tests.Training;

/// <summary>Classes that are rare, and what their rows count.</summary>
public sealed class ClassWeightTests
{
    private static readonly Target Fraud = new("fraud", "BOOLEAN", LearningTask.Binary, ["no", "yes"]);

    // one row in two hundred is a yes, mostly where a and b are high
    private const string Rare = """
        SELECT hash('a' || i) % 1000 AS a, hash('b' || i) % 1000 AS b, hash('c' || i) % 1000 AS c,
               CASE WHEN hash('a' || i) % 1000 + hash('b' || i) % 1000 + hash('y' || i) % 600 > 2295 THEN 'yes' ELSE 'no' END AS y
        FROM range({0}, {1}) t(i)
        """;

    [Theory]
    [InlineData("balanced", "balanced")]
    [InlineData("None", "none")]
    [InlineData("auto", "auto")]
    [InlineData("yes=50, no = 1", "no=1,yes=50")]
    [InlineData("{no: 1, yes: 50.5}", "no=1,yes=50.5")]
    public void Parse_WhatIsTyped_IsRead(string text, string expected) => Assert.Equal(expected, ClassWeighting.Parse(text).Text);

    [Theory]
    [InlineData("given")]
    [InlineData("1")]
    [InlineData("yes=0")]
    [InlineData("yes=NaN")]
    [InlineData("yes=-1")]
    [InlineData("yes=1e9")]
    [InlineData("=5")]
    [InlineData("yes=1,yes=2")]
    [InlineData("{}")]
    [InlineData("")]
    public void Parse_Nonsense_IsRefused(string text) => Assert.Equal(ExitCode.Usage, Assert.Throws<UserError>(() => ClassWeighting.Parse(text)).ExitCode);

    [Fact]
    public void For_UnknownClassOrANumber_IsRefused()
    {
        Assert.Contains("did you mean `yes`?", Assert.Throws<UserError>(() => ClassWeighting.Parse("yess=5").For(Fraud, [0, 1])).Hint, StringComparison.Ordinal);
        Assert.Throws<UserError>(() => ClassWeighting.Parse("balanced").For(new("price", "DOUBLE", LearningTask.Regression, []), [1, 2]));
        Assert.Equal([0.625, 2.5], ClassWeighting.Parse("balanced").For(Fraud, [0, 0, 0, 0, 1])!);
        Assert.Null(ClassWeighting.Parse("no=3,yes=3").For(Fraud, [0, 1]));
    }

    [Fact]
    public void TakeOut_ProbabilitiesOfWeightedClasses_GivesThoseOfTheRows()
    {
        // among 3 : 1 a weight of 3 makes even what is one in four
        float[] binary = [0.5f, 0, 1];
        ClassWeights.TakeOut(binary, [1, 3], binary: true);
        Assert.Equal([0.25f, 0, 1], binary);
        float[] several = [1f / 3, 1f / 3, 1f / 3];
        ClassWeights.TakeOut(several, [1, 2, 4], binary: false);
        Assert.Equal([4f / 7, 2f / 7, 1f / 7], several, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData("f1")]
    [InlineData("balanced_accuracy")]
    [InlineData("accuracy")]
    public void For_AnyMetric_FindsTheBestOfAllThresholds(string metric)
    {
        float[] labels = [.. Enumerable.Range(0, 400).Select(i => i % 20 == 0 ? 1f : 0f)];
        float[] probabilities = [.. labels.Select((label, i) => (float)Math.Round(0.3 * RowHash.Share(9, (ulong)i) + 0.15 * label, 3))];
        var best = probabilities.Select(p => Metrics.Of(LearningTask.Binary, labels, probabilities, new(p))[metric]).Append(Metrics.Of(LearningTask.Binary, labels, probabilities)[metric]).Max();
        Assert.Equal(best, Metrics.Of(LearningTask.Binary, labels, probabilities, new(BestThreshold.For(metric, labels, probabilities)))[metric], 12);
    }

    [Fact]
    public void Run_OneInTwoHundred_BeatsOneHalfAndStaysCalibrated()
    {
        using var tables = new Tables();
        var (plain, _) = Figures(tables, "auc", "none");
        var (f1, _) = Figures(tables, "f1", "auto");
        var (balanced, learned) = Figures(tables, "average_precision", "balanced");
        Assert.True(f1["f1"] > plain["f1"] * 1.05 && f1["recall"] > plain["recall"] * 1.2, $"f1 {f1["f1"]}, recall {f1["recall"]} where plain trees reach {plain["f1"]}, {plain["recall"]}");
        Assert.True(balanced["recall"] > plain["recall"] * 1.5 && balanced["average_precision"] > plain["average_precision"] * 0.98, $"recall {balanced["recall"]}, average precision {balanced["average_precision"]} where plain trees reach {plain["recall"]}, {plain["average_precision"]}");
        // what is said to be one in two hundred is
        Assert.InRange(balanced["logloss"], 0, plain["logloss"] * 1.05);
        Assert.InRange(balanced["mean"] / balanced["share"], 0.7, 1.4);
        Assert.NotNull(learned.Parameters.ClassWeights);
        Assert.InRange(learned.Answer!.Threshold, 0.001, 0.02);
    }

    [Theory]
    [InlineData("auto", 2295 - 330, true)]
    [InlineData("none", 2295 - 330, false)]
    [InlineData("auto", 2295, false)]
    public void Run_RareClassOfEnoughRows_TriesWeights(string weights, int above, bool tried)
    {
        using var tables = new Tables();
        var (_, learned) = Figures(tables, "average_precision", weights, Rare.Replace("2295", $"{above}", StringComparison.Ordinal), 3000);
        Assert.Equal(tried, learned.Search!.Tried.Any(t => t.Trial.Parameters.ClassWeights is not null));
        Assert.Equal(learned.Search.Tried.Max(t => t.Trial.Folds.Count == 5 ? t.Figure : 0), learned.Search.Figure);
    }

    [Fact]
    public void Run_SeveralClassesOneRare_AnswersItAndProbabilitiesStay()
    {
        using var tables = new Tables();
        const string Kinds = "SELECT hash('a' || i) % 1000 AS a, hash('b' || i) % 1000 AS b, ['x', 'y', 'z'][CASE WHEN hash('a' || i) % 1000 + hash('q' || i) % 200 > 1130 THEN 3 WHEN hash('b' || i) % 1000 + hash('n' || i) % 600 > 800 THEN 2 ELSE 1 END] AS y FROM range({0}, {1}) t(i)";
        var (plain, _) = Figures(tables, "logloss", "none", Kinds, 3000);
        var (chosen, _) = Figures(tables, "balanced_accuracy", "none", Kinds, 3000);
        var (balanced, learned) = Figures(tables, "logloss", "balanced", Kinds, 3000);
        Assert.True(chosen["balanced_accuracy"] > plain["balanced_accuracy"], $"{chosen["balanced_accuracy"]} where the most likely reaches {plain["balanced_accuracy"]}");
        Assert.True(balanced["balanced_accuracy"] > plain["balanced_accuracy"]);
        Assert.InRange(balanced["logloss"], 0, plain["logloss"] * 1.15);
        Assert.Equal(learned.Parameters.ClassWeights, learned.Answer!.Counts);
        Assert.InRange(balanced["rare"] / balanced["rare share"], 0.6, 1.6);
    }

    private static (Dictionary<string, double> Figures, LearnedModel Learned) Figures(Tables tables, string metric, string weights, string select = Rare, int rows = 10_000)
    {
        var cancel = TestContext.Current.CancellationToken;
        var settings = new TrainingSettings { Trials = 2, MostRounds = 60, Metric = metric, ClassWeight = ClassWeighting.Parse(weights) };
        SourceTable Of(int from, int to) => tables.Of(select.Replace("{0}", $"{from}", StringComparison.Ordinal).Replace("{1}", $"{to}", StringComparison.Ordinal));
        var prepared = new TableTraining(tables.Connection, new()).Prepare(Of(0, rows), new("y", null, [], ["a", "b"], new(), settings), cancel);
        var learned = new ModelLearning(prepared, settings, new()).Run(cancel);
        var test = LearningTableReader.Read(tables.Connection, Of(1_000_000, 1_010_000), prepared.Preparation, prepared.Target, new(), null, cancel).Table;
        using var booster = Booster.Load(learned.Model.Model, 1);
        var outputs = new float[test.Values.Rows * prepared.Target.Outputs];
        booster.Predict(new RowSelection(test.Values, Enumerable.Range(0, test.Values.Rows).ToArray(), test.Columns).ToArray(), test.Values.Rows, outputs);
        learned.Answer!.Apply(outputs);
        return (new(Metrics.Of(prepared.Target, test.Labels, outputs, learned.Answer)) { ["mean"] = outputs.Average(), ["share"] = test.Labels.Average(), ["rare"] = outputs.Where((_, i) => (i + 1) % prepared.Target.Outputs == 0).Average(), ["rare share"] = test.Labels.Average(l => l == 2 ? 1.0 : 0) }, learned);
    }
}
