using DataSpoc.Ml.Training;
using Xunit;

namespace Ml.Tests.Training;

public sealed class RowSplitTests
{
    private static readonly float[] Labels = [.. Enumerable.Range(0, 1000).Select(i => i % 50 == 0 ? 1f : 0f)];

    [Fact]
    public void Make_AnyLabels_PutsEachRowInOnePart()
    {
        var split = RowSplit.Make(Labels, 2, 42);
        Assert.Equal(Enumerable.Range(0, 1000), split.Training.Concat(split.Holdout).Order());
        Assert.Equal(200, split.Holdout.Length);
        Assert.Equal(5, split.Folds.Count);
        Assert.Equal(split.Training, split.Folds.SelectMany(f => f.Validation).Order());
        Assert.All(split.Folds, fold => Assert.Equal(split.Training, fold.Fitting.Concat(fold.Validation).Order()));
        Assert.Equal(Enumerable.Range(0, 1000).Except(split.Holdout), split.Training);
    }

    [Fact]
    public void Make_RareClass_IsInEveryPart()
    {
        var split = RowSplit.Make(Labels, 2, 42);
        Assert.Equal(4, split.Holdout.Count(row => Labels[row] == 1));
        Assert.All(split.Folds, fold => Assert.InRange(fold.Validation.Count(row => Labels[row] == 1), 3, 4));
    }

    [Fact]
    public void Make_SameSeed_IsTheSameAndAnotherSeedIsNot()
    {
        Assert.Equal(RowSplit.Make(Labels, 2, 1).Holdout, RowSplit.Make(Labels, 2, 1).Holdout);
        Assert.NotEqual(RowSplit.Make(Labels, 2, 1).Holdout, RowSplit.Make(Labels, 2, 2).Holdout);
    }

    [Fact]
    public void Make_Regression_SplitsWithoutClasses()
    {
        var split = RowSplit.Make([3.5f, 1e9f, -2f, 7f, 8f], 0, 42);
        Assert.Single(split.Holdout);
        Assert.Equal(4, split.Training.Length);
    }

    [Fact]
    public void Make_TwoRows_LearnsFromBoth() => Assert.Equal([0, 1], RowSplit.Make([0f, 1f], 2, 42).Training);

    [Fact]
    public void Make_Holdout_IsNotPeriodic()
    {
        var held = RowSplit.Make(new float[10_000], 0, 42).Holdout;
        Assert.All(Enumerable.Range(0, 7), remainder => Assert.InRange(held.Count(row => row % 7 == remainder), 230, 340));
    }

    [Fact]
    public void Make_Groups_AreNeverOnBothSides()
    {
        ulong[] groups = [.. Enumerable.Range(0, 1000).Select(i => (ulong)(i * i % 37))];
        var split = RowSplit.Make(Labels, 2, 42, new(groups, null));
        Assert.Equal(Enumerable.Range(0, 1000), split.Training.Concat(split.Holdout).Order());
        Assert.InRange(split.Holdout.Length, 150, 300);
        NoGroupIn(split.Training, split.Holdout);
        Assert.Equal(5, split.Folds.Count);
        foreach (var fold in split.Folds)
            NoGroupIn(fold.Fitting, fold.Validation);
        void NoGroupIn(int[] some, int[] others) => Assert.Empty(some.Select(row => groups[row]).Intersect(others.Select(row => groups[row])));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(7)]
    [InlineData(2)]
    public void Make_Times_LearnsFromBeforeOnly(int different)
    {
        double[] times = [.. Enumerable.Range(0, 1000).Select(i => (double)(i * 7919 % 1000 * different / 1000))];
        var split = RowSplit.Make(Labels, 2, 42, new(null, times));
        Assert.Equal(Enumerable.Range(0, 1000), split.Training.Concat(split.Holdout).Order());
        Assert.True(split.Training.Max(row => times[row]) < split.Holdout.Min(row => times[row]));
        Assert.All(split.Folds, fold => Assert.True(fold.Fitting.Max(row => times[row]) < fold.Validation.Min(row => times[row])));
        if (different == 1000)
            Assert.Equal((200, 5), (split.Holdout.Length, split.Folds.Count));
    }
}
