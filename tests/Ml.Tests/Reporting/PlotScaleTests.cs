using DataSpoc.Ml.Reporting;
using Xunit;

namespace Ml.Tests.Reporting;

public sealed class PlotScaleTests
{
    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(25_000, 519_673, new double[] { 100_000, 200_000, 300_000, 400_000, 500_000 })]
    [InlineData(-0.31, 0.02, new[] { -0.3, -0.2, -0.1, 0 })]
    [InlineData(7, 7, new double[] { 4, 6, 8, 10 })]
    [InlineData(1, 60, new double[] { 20, 40, 60 })]
    [InlineData(1e-7, 3e-7, new[] { 1e-7, 1.5e-7, 2e-7, 2.5e-7, 3e-7 })]
    public void Of_AnyValues_HasRoundTicksWithin(double low, double high, double[] expected) =>
        Assert.Equal(expected, PlotScale.Of([low, high]).Ticks, (a, b) => Math.Abs(a - b) <= Math.Abs(b) * 1e-5);

    [Fact]
    public void Of_Nothing_IsAScale() => Assert.InRange(PlotScale.Of([double.NaN]).Place(0), 0, 1);
}
