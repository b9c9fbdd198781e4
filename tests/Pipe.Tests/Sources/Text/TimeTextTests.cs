using System.Globalization;
using System.Text;
using DataSpoc.Pipe.Sources.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Pipe.Tests.Sources.Text;

public sealed class TimeTextTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01t00:00:01z", 1_000_000)]
    [InlineData("1970-01-01 00:00:00.5", 500_000)]
    [InlineData("1970-01-01T00:00:00.123456789Z", 123_456)]
    [InlineData("1969-12-31T23:59:59.999999Z", -1)]
    [InlineData("1970-01-01T01:00:00+01:00", 0)]
    [InlineData("1970-01-01T01:00:00+01", 0)]
    [InlineData("1970-01-01T01:30:00+0130", 0)]
    [InlineData("1970-01-01T00:19:32+00:19:32", 0)]
    [InlineData("1969-12-31 19:00:00 -05:00", 0)]
    [InlineData("1970-01-01 00:00:00 UTC", 0)]
    [InlineData("1970-01-01T00:01", 60_000_000)]
    [InlineData("1970-01-02", 86_400_000_000)]
    [InlineData("1970-01-01T23:59:60Z", 86_400_000_000)]
    [InlineData("2019-12-17T16:02:55+00:00", 1_576_598_575_000_000)]
    [InlineData("0001-01-01T00:00:00Z", -62_135_596_800_000_000)]
    [InlineData("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999)]
    public void ToMicroseconds_Instant_Fits(string text, long expected)
    {
        Assert.Equal(Fit.Fits, TimeText.ToMicroseconds(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("0000-00-00 00:00:00", "OutOfRange")]
    [InlineData("0000-01-01T00:00:00Z", "OutOfRange")]
    [InlineData("10000-01-01T00:00:00Z", "OutOfRange")]
    [InlineData("+10000-01-01T00:00:00Z", "OutOfRange")]
    [InlineData("-0044-03-15T12:00:00Z", "OutOfRange")]
    [InlineData("292277026596-12-04T15:30:08Z", "OutOfRange")]
    [InlineData("0001-01-01T00:00:00+01:00", "OutOfRange")]
    [InlineData("9999-12-31T23:59:59-01:00", "OutOfRange")]
    [InlineData("2021-02-29", "NotOfType")]
    [InlineData("2020-13-01", "NotOfType")]
    [InlineData("2020-00-10", "NotOfType")]
    [InlineData("2020-1-1", "NotOfType")]
    [InlineData("2020-01-01T24:00:00Z", "NotOfType")]
    [InlineData("2020-01-01T10:60:00Z", "NotOfType")]
    [InlineData("2020-01-01T10:00:61Z", "NotOfType")]
    [InlineData("2020-01-01T10:00:00.Z", "NotOfType")]
    [InlineData("2020-01-01T10:00:00+24:00", "NotOfType")]
    [InlineData("2020-01-01T10:00:00+01:00:00:00", "NotOfType")]
    [InlineData("2020-01-01T10:00:00 CET", "NotOfType")]
    [InlineData("2020-01-01T", "NotOfType")]
    [InlineData("01/02/2020", "NotOfType")]
    [InlineData("1577836800", "NotOfType")]
    [InlineData("infinity", "NotOfType")]
    [InlineData("", "NotOfType")]
    public void ToMicroseconds_AnythingElse_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, TimeText.ToMicroseconds(Encoding.UTF8.GetBytes(text), out _).ToString());

    [Theory]
    [InlineData("1970-01-02", 1)]
    [InlineData("1969-12-31", -1)]
    [InlineData("2000-02-29", 11016)]
    [InlineData("2020-01-01T00:00:00Z", 18262)]
    [InlineData("2020-01-01T00:00:00.000000+00:00", 18262)]
    public void ToDays_Day_Fits(string text, int expected)
    {
        Assert.Equal(Fit.Fits, TimeText.ToDays(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("2020-01-01T00:00:01Z", "TooPrecise")]
    [InlineData("2020-01-01T00:00:00+01:00", "TooPrecise")]
    [InlineData("2020-01-01x", "NotOfType")]
    [InlineData("0000-00-00", "OutOfRange")]
    [InlineData("12345-01-01", "OutOfRange")]
    public void ToDays_AnythingElse_SaysWhy(string text, string expected) =>
        Assert.Equal(expected, TimeText.ToDays(Encoding.UTF8.GetBytes(text), out _).ToString());

    [Fact]
    public void ToMicroseconds_AnyDateTimeOffset_IsTheSameInstant() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), ArbMap.Default.ArbFor<short>(), (ticks, minutes) =>
        {
            var utc = new DateTime((long)((ulong)(ticks * 6364136223846793005) % (ulong)(DateTime.MaxValue.Ticks - (2 * TimeSpan.TicksPerDay))) + TimeSpan.TicksPerDay, DateTimeKind.Utc);
            var instant = new DateTimeOffset(utc).ToOffset(TimeSpan.FromMinutes(minutes % (14 * 60)));
            var expected = (utc.Ticks - DateTime.UnixEpoch.Ticks) is var t ? (t - (((t % 10) + 10) % 10)) / 10 : 0;
            return ((string[])["o", "yyyy-MM-ddTHH:mm:ss.ffffffzzz", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz"])
                .All(format => TimeText.ToMicroseconds(Encoding.UTF8.GetBytes(instant.ToString(format, CultureInfo.InvariantCulture)), out var value) == Fit.Fits && value == expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void ToDays_EveryDayOfTheCalendar_CountsOn()
    {
        var expected = -719_162;
        for (var day = DateOnly.MinValue; ; day = day.AddDays(1))
        {
            Assert.Equal(Fit.Fits, TimeText.ToDays(Encoding.UTF8.GetBytes(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), out var value));
            Assert.Equal(expected++, value);
            if (day == DateOnly.MaxValue)
            {
                break;
            }
        }
    }
}
