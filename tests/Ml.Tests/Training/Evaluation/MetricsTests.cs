using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;
using Xunit;

namespace Ml.Tests.Training.Evaluation;

public sealed class MetricsTests
{
    [Fact]
    public void Learn_ThresholdOfARareClass_IsFound()
    {
        // one row in five hundred; the model ranks them at the top, with small probabilities
        float[] labels = [.. Enumerable.Range(0, 10_000).Select(i => i % 500 == 0 ? 1f : 0f)];
        float[] probabilities = [.. labels.Select((label, i) => label == 1 ? 0.02f + (i % 7) / 1000f : (float)RowHash.Share(3, (ulong)i) * 0.018f)];
        var rule = AnswerRule.Learn("f1", new("y", "BOOLEAN", LearningTask.Binary, ["no", "yes"]), labels, probabilities, null, false);
        rule.Apply(probabilities);
        Assert.InRange(Metrics.Of(LearningTask.Binary, labels, probabilities, rule)["f1"], 0.95, 1);
    }

    [Fact]
    public void Of_Binary_GivesFiguresWorkedOutByHand()
    {
        var figures = Metrics.Of(LearningTask.Binary, [1, 0, 1, 0], [0.9f, 0.2f, 0.4f, 0.4f]);
        // pairs: (0.9>0.2) (0.9>0.4) (0.4>0.2) (0.4=0.4 half) of 4
        Assert.Equal(3.5 / 4, figures["auc"], 12);
        Assert.Equal(0.75, figures["accuracy"]);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.8) + Math.Log(0.4) + Math.Log(0.6)) / 4, figures["logloss"], 6);
    }

    [Fact]
    public void Auc_OneScoreForAMillionRows_IsAHalf() =>
        Assert.Equal(0.5, RankingQuality.Auc([.. Enumerable.Range(0, 1_000_000).Select(i => i % 3 == 0 ? 1f : 0f)], new float[1_000_000]));

    [Fact]
    public void Of_BinaryWithOneClassOnly_HasNoAuc() =>
        Assert.False(Metrics.Of(LearningTask.Binary, [1, 1], [0.9f, 0.2f]).ContainsKey("auc"));

    [Fact]
    public void Of_Multiclass_CountsTheMostLikely()
    {
        var figures = Metrics.Of(LearningTask.Multiclass, [0, 2], [0.5f, 0.3f, 0.2f, 0.6f, 0.3f, 0.1f]);
        Assert.Equal(0.5, figures["accuracy"]);
        Assert.Equal(-(Math.Log(0.5) + Math.Log(0.1)) / 2, figures["logloss"], 6);
    }

    [Fact]
    public void Of_Regression_GivesFiguresWorkedOutByHand()
    {
        var figures = Metrics.Of(LearningTask.Regression, [1, 2, 3], [1, 3, 5]);
        Assert.Equal(Math.Sqrt(5.0 / 3), figures["rmse"], 12);
        Assert.Equal(1, figures["mae"], 12);
        Assert.Equal(1 - 5.0 / 2, figures["r2"], 12);
    }

    [Fact]
    public void Of_CertainAndWrong_IsFinite() =>
        Assert.True(double.IsFinite(Metrics.Of(LearningTask.Binary, [1, 0], [0f, 1f])["logloss"]));

    [Fact]
    public void Figures_OfTheBaseline_AreThoseOfTheMajority()
    {
        var target = new Target("late", "BOOLEAN", LearningTask.Binary, ["false", "true"]);
        var figures = Baseline.Figures(target, [0, 0, 0, 1], [0, 0, 1, 1]);
        Assert.Equal(0.5, figures["auc"]);
        Assert.Equal(0.5, figures["accuracy"]);
    }

    [Fact]
    public void Spearman_AnyMonotoneChange_IsOne()
    {
        var x = Enumerable.Range(1, 50).Select(i => (float)i).ToArray();
        Assert.Equal(1, RankCorrelation.Spearman(x, [.. x.Select(v => v * v)]), 12);
        Assert.Equal(-1, RankCorrelation.Spearman(x, [.. x.Select(v => 1 / v)]), 12);
        Assert.Equal(0, RankCorrelation.Spearman([1, 1, 1], [1, 2, 3]));
    }
}
