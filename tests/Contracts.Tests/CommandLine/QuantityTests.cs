using DataSpoc.Contracts.CommandLine;
using Xunit;

namespace Contracts.Tests.CommandLine;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(1_240_000, "1_240_000 rows")]
    [InlineData(-1000, "-1_000 rows")]
    public void Count_GroupsByThree(long value, string expected) => Assert.Equal(Thin(expected), Quantity.Count(value, "row"));

    [Theory]
    [InlineData(0, "0_B")]
    [InlineData(999, "999_B")]
    [InlineData(1000, "1.0_kB")]
    [InlineData(9_960, "10_kB")]
    [InlineData(118_000_000, "118_MB")]
    [InlineData(999_600, "1.0_MB")]
    [InlineData(long.MaxValue, "9.2_EB")]
    public void Bytes_TakesTheUnitThatFits(long value, string expected) => Assert.Equal(Thin(expected), Quantity.Bytes(value));

    [Theory]
    [InlineData(0, "0_ms")]
    [InlineData(45, "45_ms")]
    [InlineData(999.6, "1.0_s")]
    [InlineData(2_300, "2.3_s")]
    [InlineData(59_960, "1_min_00_s")]
    [InlineData(192_000, "3_min_12_s")]
    [InlineData(3_840_000, "1_h_04_min")]
    public void Duration_TakesTheUnitThatFits(double milliseconds, string expected) => Assert.Equal(Thin(expected), Quantity.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Rate_HasThreeDigits() => Assert.Equal(Thin("539_000 rows/s"), Quantity.Rate(1_240_000, TimeSpan.FromSeconds(2.3), "rows"));

    private static string Thin(string text) => text.Replace('_', '\u202f');
}
