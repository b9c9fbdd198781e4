using System.Globalization;
using System.Text;
using DataSpoc.Pipe.Sources.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Pipe.Tests.Sources.Text;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("1.0", 1)]
    [InlineData("1e3", 1000)]
    [InlineData("1.5e1", 15)]
    [InlineData("1000E-3", 1)]
    [InlineData("999999999999999999", 999999999999999999)]
    [InlineData("1000000000000000000", 1000000000000000000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807.000", long.MaxValue)]
    public void ToInt64_WholeNumber_Fits(string text, long expected)
    {
        Assert.Equal(Fit.Fits, NumberText.ToInt64(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("9223372036854775808", "OutOfRange")]
    [InlineData("-9223372036854775809", "OutOfRange")]
    [InlineData("1e19", "OutOfRange")]
    [InlineData("1e999999999999999999", "OutOfRange")]
    [InlineData("18446744073709551616", "OutOfRange")]
    [InlineData("1.5", "TooPrecise")]
    [InlineData("1e-1", "TooPrecise")]
    [InlineData("", "NotOfType")]
    [InlineData("-", "NotOfType")]
    [InlineData("01", "NotOfType")]
    [InlineData("-01", "NotOfType")]
    [InlineData("+1", "NotOfType")]
    [InlineData("1.", "NotOfType")]
    [InlineData(".5", "NotOfType")]
    [InlineData("1e", "NotOfType")]
    [InlineData("1e+", "NotOfType")]
    [InlineData("12,50", "NotOfType")]
    [InlineData("0x10", "NotOfType")]
    [InlineData("NaN", "NotOfType")]
    [InlineData(" 1", "NotOfType")]
    [InlineData("1_000", "NotOfType")]
    public void ToInt64_AnythingElse_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, NumberText.ToInt64(Encoding.UTF8.GetBytes(text), out _).ToString());

    [Theory]
    [InlineData("12.5", 4, 2, "1250")]
    [InlineData("-12.50", 4, 2, "-1250")]
    [InlineData("12.500000000000000000000000000000000000000000000000", 4, 2, "1250")]
    [InlineData("0.00", 4, 2, "0")]
    [InlineData("1e-2", 4, 2, "1")]
    [InlineData("99999999999999999999999999999999999999", 38, 0, "99999999999999999999999999999999999999")]
    [InlineData("-0.00000000000000000000000000000000000001", 38, 38, "-1")]
    [InlineData("18446744073709551615", 38, 0, "18446744073709551615")]
    public void ToDecimal_WithinBounds_IsExact(string text, int precision, int scale, string expected)
    {
        Assert.Equal(Fit.Fits, NumberText.ToDecimal(Encoding.UTF8.GetBytes(text), precision, scale, out var value));
        Assert.Equal(Int128.Parse(expected, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("100", 4, 2, "OutOfRange")]
    [InlineData("1e30", 4, 2, "OutOfRange")]
    [InlineData("100000000000000000000000000000000000000", 38, 0, "OutOfRange")]
    [InlineData("12.505", 5, 2, "TooPrecise")]
    [InlineData("0.123456789012345678901234567890123456789", 38, 38, "TooPrecise")]
    [InlineData("12,50", 4, 2, "NotOfType")]
    [InlineData("1.2.3", 9, 2, "NotOfType")]
    [InlineData("00.5", 9, 2, "NotOfType")]
    [InlineData("-.5", 9, 2, "NotOfType")]
    [InlineData("5.", 9, 2, "NotOfType")]
    [InlineData("-", 9, 2, "NotOfType")]
    [InlineData("", 9, 2, "NotOfType")]
    public void ToDecimal_BeyondBounds_SaysWhy(string text, int precision, int scale, string expected) =>
        Assert.Equal(expected, NumberText.ToDecimal(Encoding.UTF8.GetBytes(text), precision, scale, out _).ToString());

    [Theory]
    [InlineData("0.1", 0.1)]
    [InlineData("-0.0", -0.0)]
    [InlineData("0.30000000000000004", 0.30000000000000004)]
    [InlineData("0.10000000000000001", 0.1)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("5e-324", double.Epsilon)]
    [InlineData("9007199254740992", 9007199254740992)]
    [InlineData("0.1000000000000000055511151231257827021181583404541015625", 0.1)]
    [InlineData("123456789012345678000000000000", 123456789012345678000000000000.0)]
    public void ToDouble_DigitsThatADoubleKeeps_Fits(string text, double expected)
    {
        Assert.Equal(Fit.Fits, NumberText.ToDouble(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
    }

    [Theory]
    [InlineData("9007199254740993", "TooPrecise")]
    [InlineData("1234567890.1234567890", "TooPrecise")]
    [InlineData("0.1000000000000000055511151231257827021181583404541015626", "TooPrecise")]
    [InlineData("1e-400", "TooPrecise")]
    [InlineData("1e400", "OutOfRange")]
    [InlineData("-1e400", "OutOfRange")]
    [InlineData("12,50", "NotOfType")]
    [InlineData("Infinity", "NotOfType")]
    public void ToDouble_DigitsThatADoubleLoses_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, NumberText.ToDouble(Encoding.UTF8.GetBytes(text), out _).ToString());

    [Fact]
    public void ToDecimal_AnySystemDecimal_IsTheSameNumber() =>
        Prop.ForAll(ArbMap.Default.ArbFor<decimal>(), number =>
        {
            var fit = NumberText.ToDecimal(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)), 38, 9, out var value);
            var scaled = System.Numerics.BigInteger.Multiply(new System.Numerics.BigInteger(decimal.Truncate(number)), 1_000_000_000)
                + new System.Numerics.BigInteger(decimal.Truncate((number - decimal.Truncate(number)) * 1_000_000_000m));
            return decimal.Round(number, 9) == number ? fit == Fit.Fits && (System.Numerics.BigInteger)value == scaled : fit == Fit.TooPrecise;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void ToInt64_AnyLongInAnySpelling_IsTheSameNumber() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), ArbMap.Default.ArbFor<byte>(), (number, zeros) =>
        {
            var plain = number.ToString(CultureInfo.InvariantCulture);
            return new[] { plain, plain + "." + new string('0', (zeros % 5) + 1), number == 0 ? "0e" + zeros : plain + new string('0', zeros % 5) + "e-" + (zeros % 5) }
                .All(text => NumberText.ToInt64(Encoding.UTF8.GetBytes(text), out var value) == Fit.Fits && value == number);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void ToDouble_AnyDoubleAsPrinted_IsTheSameDouble() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), bits =>
        {
            var number = BitConverter.Int64BitsToDouble(bits * 6364136223846793005);
            return !double.IsFinite(number) || (string[])["R", "E16"] is var formats && formats.All(format =>
                NumberText.ToDouble(Encoding.UTF8.GetBytes(number.ToString(format, CultureInfo.InvariantCulture).Replace("E+0", "E+", StringComparison.Ordinal)), out var value) == Fit.Fits
                && BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(number));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
