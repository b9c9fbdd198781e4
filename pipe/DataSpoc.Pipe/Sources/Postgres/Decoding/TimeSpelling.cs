using System.Globalization;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>Dates and times as PostgreSQL spells them (DateStyle ISO), of any year.</summary>
internal static class TimeSpelling
{
    private const long Day = 86_400_000_000;

    /// <summary>A time of a day from microseconds since midnight: <c>04:05:06.5</c>.</summary>
    public static string OfDay(long microseconds)
    {
        var seconds = microseconds / 1_000_000;
        var fraction = (microseconds % 1_000_000).ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}{(fraction.Length == 0 ? "" : ".")}{fraction}");
    }

    /// <summary>A date from days since 1970-01-01: <c>2026-02-28</c>, <c>4713-01-01 BC</c>.</summary>
    public static string OfDate(long days) => Of(days, "");

    /// <summary>A time from microseconds since a day.</summary>
    /// <param name="microseconds">Microseconds.</param>
    /// <param name="epoch">The day, as days since 1970-01-01.</param>
    public static string OfTimestamp(long microseconds, long epoch)
    {
        var day = Math.DivRem(microseconds, Day, out var rest);
        return rest < 0 ? Of(day - 1 + epoch, " " + OfDay(rest + Day)) : Of(day + epoch, " " + OfDay(rest));
    }

    // the civil calendar by eras of 400 years, which begin in March (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms")
    private static string Of(long days, string time)
    {
        var shifted = days + 719_468;
        var era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
        var ofEra = shifted - (era * 146_097);
        var yearOfEra = (ofEra - (ofEra / 1460) + (ofEra / 36_524) - (ofEra / 146_096)) / 365;
        var ofYear = ofEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shiftedMonth = ((5 * ofYear) + 2) / 153;
        var day = ofYear - (((153 * shiftedMonth) + 2) / 5) + 1;
        var month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture, $"{(year > 0 ? year : 1 - year):0000}-{month:00}-{day:00}{time}{(year > 0 ? "" : " BC")}");
    }
}
