namespace DataSpoc.Ml.Data.Preparation;

/// <summary>Takes parts of a point in time.</summary>
internal static class MomentEncoding
{
    private const long MicrosecondsPerHour = 3_600_000_000;
    private const long MicrosecondsPerDay = 24 * MicrosecondsPerHour;

    /// <summary>One part of a point in time.</summary>
    /// <param name="microseconds">Since 1970-01-01 UTC; any value.</param>
    /// <param name="part">Which.</param>
    public static float Encode(long microseconds, MomentPart part)
    {
        var day = Math.DivRem(microseconds, MicrosecondsPerDay, out var inDay);
        if (inDay < 0)
            (day, inDay) = (day - 1, inDay + MicrosecondsPerDay);
        switch (part)
        {
            case MomentPart.Days:
                return (float)(day + (double)inDay / MicrosecondsPerDay);
            case MomentPart.Hour:
                return inDay / MicrosecondsPerHour;
            case MomentPart.Weekday:
                // 1970-01-01 was a Thursday
                return ((day + 3) % 7 + 7) % 7 + 1;
            default:
                var (month, dayOfMonth) = Civil(day);
                return part == MomentPart.Month ? month : dayOfMonth;
        }
    }

    // days to month and day in the proleptic Gregorian calendar, also outside the years of DateTime
    // (eras of 400 years that begin on 1 March: Hinnant, "chrono-compatible low-level date algorithms")
    private static (int Month, int Day) Civil(long days)
    {
        var shifted = days + 719_468;
        var dayOfEra = (int)((shifted % 146_097 + 146_097) % 146_097);
        var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var monthFromMarch = (5 * dayOfYear + 2) / 153;
        return (monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
    }
}
