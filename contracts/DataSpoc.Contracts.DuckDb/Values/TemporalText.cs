using System.Globalization;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>Dates and times of any year as DuckDB writes them.</summary>
internal static class TemporalText
{
    private const long SecondsPerDay = 86_400;

    internal static string Date(int days) => days switch
    {
        int.MaxValue => "infinity",
        -int.MaxValue => "-infinity",
        _ => Day(days, out var beforeChrist) + (beforeChrist ? " (BC)" : ""),
    };

    internal static string Timestamp(long value, long perSecond, bool utc)
    {
        if (value is long.MaxValue or -long.MaxValue)
            return value > 0 ? "infinity" : "-infinity";
        var perDay = SecondsPerDay * perSecond;
        var day = Day(Math.DivRem(value, perDay) is var (quotient, rest) && rest < 0 ? quotient - 1 : quotient, out var beforeChrist);
        return $"{day}{(beforeChrist ? " (BC)" : "")} {TimeOfDay(rest < 0 ? rest + perDay : rest, perSecond)}{(utc ? "+00" : "")}";
    }

    internal static string Time(long micros) => TimeOfDay(micros, 1_000_000);

    internal static string TimeOfNanoseconds(long nanos) => TimeOfDay(nanos, 1_000_000_000);

    internal static string TimeWithZone(ulong bits)
    {
        // 40 bits of microseconds, then the offset, counted down from 15:59:59.
        const int OffsetBits = 24;
        const int MaximumOffset = (16 * 60 * 60) - 1;
        var offset = MaximumOffset - (int)(bits & ((1UL << OffsetBits) - 1));
        var zone = TimeSpan.FromSeconds(Math.Abs(offset));
        var text = string.Create(CultureInfo.InvariantCulture, $"{Time((long)(bits >> OffsetBits))}{(offset < 0 ? '-' : '+')}{(int)zone.TotalHours:00}");
        if (zone.Minutes != 0 || zone.Seconds != 0)
            text += string.Create(CultureInfo.InvariantCulture, $":{zone.Minutes:00}");
        return zone.Seconds != 0 ? text + string.Create(CultureInfo.InvariantCulture, $":{zone.Seconds:00}") : text;
    }

    /// <summary>Hours, minutes, seconds and the fraction without trailing zeros.</summary>
    internal static string TimeOfDay(long value, long perSecond)
    {
        var (seconds, fraction) = Math.DivRem(value, perSecond);
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        if (fraction == 0)
            return text;
        var digits = (perSecond + fraction).ToString(CultureInfo.InvariantCulture).AsSpan(1).TrimEnd('0');
        return $"{text}.{digits}";
    }

    /// <summary>The proleptic Gregorian date of a day since 1970-01-01 (days-from-civil, H. Hinnant's inverse), for years .NET does not have.</summary>
    private static string Day(long days, out bool beforeChrist)
    {
        const int DaysPerEra = 146_097;
        var shifted = days + 719_468;
        var era = Math.DivRem(shifted, DaysPerEra) is var (quotient, rest) && rest < 0 ? quotient - 1 : quotient;
        var dayOfEra = shifted - (era * DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * shiftedMonth) + 2) / 5) + 1;
        var month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        beforeChrist = year <= 0;
        return string.Create(CultureInfo.InvariantCulture, $"{(beforeChrist ? 1 - year : year):0000}-{month:00}-{day:00}");
    }
}
