using DataSpoc.Ml.Monitoring;
using DataSpoc.Ml.Training;
using Xunit;

namespace Ml.Tests.Monitoring;

public sealed class ColumnDriftTests
{
    [Theory]
    [InlineData(3.841, 1, 0.05)]
    [InlineData(18.307, 10, 0.05)]
    [InlineData(29.588, 10, 0.001)]
    [InlineData(124.342, 100, 0.05)]
    [InlineData(0.0158, 1, 0.9)]
    public void ChiSquareTail_TableValues_AreMet(double value, int freedom, double expected)
    {
        Assert.Equal(expected, TestStatistics.ChiSquareTail(value, freedom), 4);
        Assert.Equal(value, TestStatistics.ChiSquareQuantile(expected, freedom), 1);
    }

    [Fact]
    public void KolmogorovTail_TableValue_IsMet() => Assert.Equal(0.05, TestStatistics.KolmogorovTail(1.358 / Math.Sqrt(5000), 10_000, 10_000), 2);

    [Fact]
    public void FalseDiscoveryRates_KnownExample_AreThoseOfBenjaminiAndHochberg() =>
        Assert.Equal([0.04, 0.04, 0.0667, 0.05333333], TestStatistics.FalseDiscoveryRates([0.01, 0.02, 0.0667, 0.04]).Select(r => Math.Round(r, 8)));

    private static ColumnDistribution Draw(int rows, double shift, long seed)
    {
        var counts = new long[10];
        for (var i = 0; i < rows; i++)
            counts[(int)Math.Clamp(10 * (RowHash.Share(seed, (ulong)i) * (1 - shift) + shift), 0, 9)]++;
        return new("x", rows, 0, counts) { Edges = [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Between_SameDistribution_HardlyAlarmsAtAnySize(int rows)
    {
        var before = Draw(10_000, 0, 1);
        var drifts = Enumerable.Range(2, 100).Select(seed => ColumnDrift.Between(before, Draw(rows, 0, seed))).ToArray();
        // the usual bound of 0.1 would alarm in most of the small ones
        if (rows == 100)
            Assert.InRange(drifts.Count(d => d.Psi > 0.1), 30, 100);
        Assert.InRange(drifts.Count(d => d.Psi > d.PsiThreshold), 0, 15);
        Assert.InRange(ColumnDrift.Corrected(drifts).Count(d => d.Alarms(0.05, 0)), 0, 2);
    }

    [Fact]
    public void Between_Shifted_Alarms()
    {
        var drift = ColumnDrift.Between(Draw(10_000, 0, 1), Draw(2000, 0.3, 2));
        Assert.True(drift.Alarms(0.05, 0.1));
        Assert.InRange(drift.Ks!.Value, 0.25, 0.35);
    }

    [Fact]
    public void Between_SureButSmall_DoesNotAlarm()
    {
        var drift = ColumnDrift.Between(Draw(1_000_000, 0, 1), Draw(1_000_000, 0.01, 2));
        Assert.True(drift.Rate < 1e-6);
        Assert.False(drift.Alarms(0.05, 0.1));
    }

    [Fact]
    public void Between_MissingNow_Alarms()
    {
        var before = new ColumnDistribution("x", 1000, 0, [500, 500]) { Values = ["a"] };
        Assert.True(ColumnDrift.Between(before, before with { Missing = 500, Counts = [250, 250] }).Alarms(0.05, 0.1));
    }

    [Fact]
    public void Between_NoRows_IsNoAlarm() =>
        Assert.False(ColumnDrift.Between(new("x", 1000, 0, [500, 500]) { Values = ["a"] }, new("x", 0, 0, [0, 0]) { Values = ["a"] }).Alarms(0.05, 0));
}
