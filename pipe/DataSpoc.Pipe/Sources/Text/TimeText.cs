namespace DataSpoc.Pipe.Sources.Text;

/// <summary>
/// Instants and dates from their UTF-8 text (RFC 3339, with what databases print besides: a space for the T, no seconds,
/// no zone, a zone of hours only). Years 0001 to 9999 in UTC; everything else is out of range.
/// </summary>
internal static class TimeText
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MicrosecondsPerDay = 86_400 * MicrosecondsPerSecond;
    private const int DaysFromYear1 = 719_162;
    private const int DaysToYear10000 = 2_932_897;
    private const long FirstMicrosecond = -DaysFromYear1 * MicrosecondsPerDay;
    private const long LastMicrosecond = (DaysToYear10000 * MicrosecondsPerDay) - 1;

    /// <summary>
    /// Microseconds since 1970-01-01T00:00:00Z. A text without a zone is taken as UTC, a date alone as its midnight,
    /// second 60 as the next minute's first; digits beyond microseconds are dropped (the contract's files hold microseconds).
    /// Out of range, the result is the nearest instant within.
    /// </summary>
    public static Fit ToMicroseconds(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        var fit = ReadDate(text, out var days, out var rest);
        if (fit != Fit.Fits)
        {
            microseconds = days < 0 ? FirstMicrosecond : LastMicrosecond;
            return fit;
        }

        var value = days * MicrosecondsPerDay;
        if (!rest.IsEmpty)
        {
            if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryReadTime(rest[1..], out var time, out var zone) || !TryReadZone(zone, out var offset))
                return Fit.NotOfType;

            value += time - (offset * MicrosecondsPerSecond);
        }

        microseconds = Math.Clamp(value, FirstMicrosecond, LastMicrosecond);
        return microseconds == value ? Fit.Fits : Fit.OutOfRange;
    }

    /// <summary>Days since 1970-01-01. A time of day is accepted only where it is midnight in UTC or without a zone: nothing is cut off. Out of range, the result is the nearest day within.</summary>
    public static Fit ToDays(ReadOnlySpan<byte> text, out int days)
    {
        var fit = ReadDate(text, out days, out var rest);
        if (fit != Fit.Fits || rest.IsEmpty)
            return fit;

        if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryReadTime(rest[1..], out var time, out var zone) || !TryReadZone(zone, out var offset))
            return Fit.NotOfType;

        return time == 0 && offset == 0 ? Fit.Fits : Fit.TooPrecise;
    }

    private static Fit ReadDate(ReadOnlySpan<byte> text, out int days, out ReadOnlySpan<byte> rest)
    {
        days = 0;
        rest = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-'
            || !TryRead2(text, out var century) || !TryRead2(text[2..], out var year)
            || !TryRead2(text[5..], out var month) || !TryRead2(text[8..], out var day))
        {
            if (!HasFarYear(text))
                return Fit.NotOfType;
            days = text[0] == '-' ? -DaysFromYear1 : DaysToYear10000 - 1;
            return Fit.OutOfRange;
        }

        year += century * 100;
        if (year == 0)
        {
            days = -DaysFromYear1;
            return Fit.OutOfRange;
        }

        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return Fit.NotOfType;

        days = DaysSince1970(year, month, day);
        rest = text[10..];
        return Fit.Fits;
    }

    /// <summary>A year of five digits or more, or with a sign: <c>10000-01-01</c>, <c>-0044-03-15</c>, <c>+12345-06-07</c>.</summary>
    private static bool HasFarYear(ReadOnlySpan<byte> text)
    {
        var signed = text.Length > 0 && text[0] is (byte)'-' or (byte)'+';
        var digits = signed ? text[1..] : text;
        var end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end >= (signed ? 4 : 5) && digits.Length >= end + 6 && digits[end] == '-' && digits[end + 3] == '-'
            && TryRead2(digits[(end + 1)..], out _) && TryRead2(digits[(end + 4)..], out _);
    }

    private static bool TryReadTime(ReadOnlySpan<byte> text, out long microseconds, out ReadOnlySpan<byte> zone)
    {
        microseconds = 0;
        zone = default;
        if (text.Length < 5 || text[2] != ':' || !TryRead2(text, out var hour) || !TryRead2(text[3..], out var minute) || hour > 23 || minute > 59)
            return false;

        var second = 0;
        var at = 5;
        var fraction = 0L;
        if (text.Length > 5 && text[5] == ':')
        {
            if (text.Length < 8 || !TryRead2(text[6..], out second) || second > 60)
                return false;

            at = 8;
            if (text.Length > 8 && text[8] is (byte)'.' or (byte)',')
            {
                var unit = 100_000;
                for (at = 9; at < text.Length && (uint)(text[at] - '0') <= 9; at++, unit /= 10)
                    fraction += (text[at] - '0') * unit;

                if (at == 9)
                    return false;
            }
        }

        microseconds = ((((hour * 60L) + minute) * 60) + second) * MicrosecondsPerSecond + fraction;
        zone = text[at..];
        return true;
    }

    /// <summary>Seconds east of UTC.</summary>
    private static bool TryReadZone(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length > 1 && text[0] == ' ')
            text = text[1..];

        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z') || text.SequenceEqual("UTC"u8) || text.SequenceEqual("GMT"u8))
            return true;

        if (text[0] is not ((byte)'+' or (byte)'-') || !TryRead2(text[1..], out var hours) || hours > 23)
            return false;

        seconds = hours * 3600;
        var unit = 60;
        for (var rest = text[3..]; !rest.IsEmpty; unit /= 60)
        {
            rest = rest[0] == ':' ? rest[1..] : rest;
            if (unit == 0 || !TryRead2(rest, out var part) || part > 59)
                return false;

            seconds += part * unit;
            rest = rest[2..];
        }

        seconds = text[0] == '-' ? -seconds : seconds;
        return true;
    }

    private static bool TryRead2(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length < 2)
            return false;

        var tens = (uint)(text[0] - '0');
        var ones = (uint)(text[1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9;
    }

    /// <summary>The proleptic Gregorian calendar counted from March, so that the leap day is a year's last.</summary>
    private static int DaysSince1970(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var m = month <= 2 ? month + 9 : month - 3;
        return (365 * y) + (y / 4) - (y / 100) + (y / 400) + (((153 * m) + 2) / 5) + day - 1 - 719_468;
    }
}
