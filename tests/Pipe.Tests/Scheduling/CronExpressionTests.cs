using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Scheduling;

namespace Pipe.Tests.Scheduling;

/// <summary>Times of a schedule, as crontab(5) has them.</summary>
public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("15 3 * * *", "2026-01-31 03:15", "2026-02-01 03:15")]
    [InlineData("15 3 * * *", "2026-01-31 03:14", "2026-01-31 03:15")]
    [InlineData("*/15 * * * *", "2026-01-31 03:15", "2026-01-31 03:30")]
    [InlineData("5/20 * * * *", "2026-01-31 03:26", "2026-01-31 03:45")]
    [InlineData("0 8-18/2 * * mon-fri", "2026-01-30 18:00", "2026-02-02 08:00")]
    [InlineData("0 0 1,15 * *", "2026-01-02 00:00", "2026-01-15 00:00")]
    [InlineData("0 0 * * 7", "2026-01-05 00:00", "2026-01-11 00:00")]
    [InlineData("0 0 * * 5-7", "2026-01-11 00:00", "2026-01-16 00:00")]
    [InlineData("0 0 13 * FRI", "2026-01-10 00:00", "2026-01-13 00:00")]
    [InlineData("0 0 13 * FRI", "2026-01-13 00:00", "2026-01-16 00:00")]
    [InlineData("0 0 29 feb *", "2024-03-01 00:00", "2028-02-29 00:00")]
    [InlineData("@daily", "2026-12-31 23:59", "2027-01-01 00:00")]
    [InlineData("@monthly", "2026-12-31 23:59", "2027-01-01 00:00")]
    public void Next_IsTheFirstTimeAfter(string cron, string after, string expected) =>
        Assert.Equal(Utc(expected), CronExpression.Parse(cron).Next(Utc(after), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("5-1 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("0 0 30 2 *")]
    [InlineData("@reboot")]
    [InlineData("1\n* * * * *")]
    public void Parse_OfAnythingElse_IsAnErrorOfUsage(string cron) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<UserError>(() => CronExpression.Parse(cron)).ExitCode);

    [Fact]
    public void Next_WhereTheClockIsSet_RunsOnceADay()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon");
        var cron = CronExpression.Parse("30 1 * * *");
        // 2026-03-29 has no 01:30, 2026-10-25 has it twice
        Assert.Equal(Utc("2026-03-29 01:00"), cron.Next(Utc("2026-03-28 12:00"), zone));
        Assert.Equal(Utc("2026-03-30 00:30"), cron.Next(Utc("2026-03-29 01:00"), zone));
        Assert.Equal(Utc("2026-10-25 00:30"), cron.Next(Utc("2026-10-24 12:00"), zone));
        Assert.Equal(Utc("2026-10-26 01:30"), cron.Next(Utc("2026-10-25 00:30"), zone));
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
