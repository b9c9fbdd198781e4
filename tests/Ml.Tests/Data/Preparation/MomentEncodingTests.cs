using System.Globalization;
using DataSpoc.Ml.Data.Preparation;
using Xunit;

namespace Ml.Tests.Data.Preparation;

public sealed class MomentEncodingTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("2024-02-29T13:05:00Z")]
    [InlineData("2000-03-01T00:00:00Z")]
    [InlineData("1900-02-28T06:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T22:00:00Z")]
    public void Encode_Calendar_AgreesWithDateTime(string text)
    {
        var moment = DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var microseconds = (moment - DateTime.UnixEpoch).Ticks / 10;
        Assert.Equal(moment.Month, MomentEncoding.Encode(microseconds, MomentPart.Month));
        Assert.Equal(moment.Day, MomentEncoding.Encode(microseconds, MomentPart.Day));
        Assert.Equal(moment.Hour, MomentEncoding.Encode(microseconds, MomentPart.Hour));
        Assert.Equal(moment.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)moment.DayOfWeek, MomentEncoding.Encode(microseconds, MomentPart.Weekday));
        Assert.Equal((float)(moment - DateTime.UnixEpoch).TotalDays, MomentEncoding.Encode(microseconds, MomentPart.Days));
    }

    [Fact]
    public void Encode_EveryDayOfFourCenturies_AgreesWithDateTime()
    {
        for (var day = new DateTime(1800, 1, 1); day.Year < 2201; day = day.AddDays(1))
        {
            var microseconds = (day - DateTime.UnixEpoch).Ticks / 10;
            Assert.Equal(day.Month * 100 + day.Day, MomentEncoding.Encode(microseconds, MomentPart.Month) * 100 + MomentEncoding.Encode(microseconds, MomentPart.Day));
        }
    }
}
