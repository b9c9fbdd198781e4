using System.Globalization;
using System.Text;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Training;
using Xunit;

namespace Ml.Tests.Training;

public sealed class StatisticsFittingTests
{
    private static readonly Target Late = new("late", "BOOLEAN", LearningTask.Binary, ["false", "true"]);

    private static (FloatTable Values, TargetStatistics Statistics) Fit(int[] codes, float[] labels, RowSplit split, SplitKeys? keys = null)
    {
        var values = new FloatTable(2);
        foreach (var code in codes)
            values.Append(1)[0] = code;
        var seen = new SeenValues();
        for (var code = 0; code <= codes.Max(); code++)
            seen.Code(Encoding.UTF8.GetBytes(code.ToString(CultureInfo.InvariantCulture)));
        var column = new PreparedColumn("c", "VARCHAR", ColumnKind.Category, ["c.mean", "c.rows"]) { Use = TextUse.Statistics };
        var fitted = new StatisticsFitting(values, labels, Late, split, keys, 42).Fit(new([column], []), new Dictionary<string, SeenValues> { ["c"] = seen });
        return (values, fitted.Columns[0].Statistics!);
    }

    [Fact]
    public void Fit_ARowsOwnTarget_IsNotInItsFigure()
    {
        // noise: with its own target in it, a figure would tell it
        int[] codes = [.. Enumerable.Range(0, 3000).Select(i => i / 3)];
        float[] labels = [.. codes.Select((_, i) => RowHash.Of(1, (ulong)i) % 2 == 0 ? 1f : 0f)];
        var split = RowSplit.Make(labels, 2, 42);
        var (values, _) = Fit(codes, labels, split);
        var auc = DataSpoc.Ml.Training.Evaluation.RankingQuality.Auc([.. split.Training.Select(r => labels[r])], [.. split.Training.Select(r => values.Row(r)[0])]);
        Assert.InRange(auc!.Value, 0.4, 0.53);
    }

    [Fact]
    public void Fit_LabelsOfTheHoldout_AreInNoFigure()
    {
        int[] codes = [.. Enumerable.Range(0, 400).Select(i => i % 40)];
        float[] labels = [.. codes.Select((_, i) => i % 3 == 0 ? 1f : 0f)];
        var split = RowSplit.Make(labels, 2, 42);
        var expected = Fit(codes, labels, split);
        foreach (var row in split.Holdout)
            labels[row] = 1 - labels[row];
        var other = Fit(codes, labels, split);
        Assert.All(Enumerable.Range(0, 400), row => Assert.Equal(expected.Values.Row(row).ToArray(), other.Values.Row(row).ToArray()));
    }

    [Fact]
    public void Fit_Forward_SeesEarlierRowsOnly()
    {
        int[] codes = [0, 0, 0, 0, 0, 0];
        float[] labels = [1, 1, 1, 0, 0, 0];
        double[] times = [1, 2, 2, 3, 4, 5];
        var (values, _) = Fit(codes, labels, new([0, 1, 2, 3, 4], [5], []), new(null, times));
        Assert.Equal([0f, 1f, 1f, 3f, 4f], Enumerable.Range(0, 5).Select(row => values.Row(row)[1]));
        var prior = 3.0 / 5;
        Assert.Equal((1 + 10 * prior) / 11, values.Row(1)[0], 5);
        Assert.Equal((1 + 10 * prior) / 11, values.Row(2)[0], 5);
        Assert.Equal((3 + 10 * prior) / 13, values.Row(3)[0], 5);
    }

    [Fact]
    public void Fit_ValuesSeenOnceOrNever_GetThePrior()
    {
        var (_, statistics) = Fit([0, 0, 0, 1], [1, 1, 0, 0], new([0, 1, 2, 3], [], []));
        Assert.Equal(["0"], statistics.Values);
        var features = new float[2];
        statistics.Write(statistics.Positions()("1"u8), features);
        Assert.Equal([0.5f, 0f], features);
    }
}
