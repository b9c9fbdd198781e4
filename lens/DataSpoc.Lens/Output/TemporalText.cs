using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>
/// Dates and times of any year as text. For machines ISO 8601: <c>2026-01-31T12:30:00.5</c>, with <c>Z</c> where it is a point in time;
/// for people as SQL writes them: <c>2026-01-31 12:30:00.5+00</c>.
/// </summary>
internal static class TemporalText
{
    private const long SecondsPerDay = 86_400;

    /// <summary>Writes a value of a temporal type.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="vector">Not null in that row.</param>
    /// <param name="row">The row.</param>
    /// <param name="iso">Whether for machines.</param>
    public static void Append(Utf8Text text, VectorReader vector, int row, bool iso)
    {
        switch (vector.Type.Kind)
        {
            case LogicalKind.Date:
                AppendDate(text, vector.Values<int>()[row]);
                break;
            case LogicalKind.Time:
                AppendTime(text, vector.Values<long>()[row], 6);
                break;
            case LogicalKind.TimeNs:
                AppendTime(text, vector.Values<long>()[row], 9);
                break;
            case LogicalKind.Interval:
                AppendInterval(text, vector, row);
                break;
            case LogicalKind.TimestampTz:
                AppendTimestamp(text, vector.Values<long>()[row], 6, iso, iso ? "Z"u8 : "+00"u8);
                break;
            case var kind:
                AppendTimestamp(text, vector.Values<long>()[row], kind switch { LogicalKind.TimestampS => 0, LogicalKind.TimestampMs => 3, LogicalKind.TimestampNs => 9, _ => 6 }, iso, []);
                break;
        }
    }

    public static bool IsTemporal(LogicalKind kind) => kind is LogicalKind.Date or LogicalKind.Time or LogicalKind.TimeNs or LogicalKind.Interval
        or LogicalKind.Timestamp or LogicalKind.TimestampTz or LogicalKind.TimestampS or LogicalKind.TimestampMs or LogicalKind.TimestampNs;

    private static void AppendDate(Utf8Text text, int days)
    {
        if (days is int.MaxValue or -int.MaxValue)
        {
            text.Append(days > 0 ? "infinity"u8 : "-infinity"u8);
            return;
        }
        if (AppendDay(text, days))
            text.Append(" (BC)"u8);
    }

    private static void AppendTimestamp(Utf8Text text, long value, int digits, bool iso, ReadOnlySpan<byte> zone)
    {
        if (value is long.MaxValue or -long.MaxValue)
        {
            text.Append(value > 0 ? "infinity"u8 : "-infinity"u8);
            return;
        }
        var perDay = SecondsPerDay * PowerOfTen(digits);
        var (day, rest) = Math.DivRem(value, perDay);
        if (rest < 0)
            (day, rest) = (day - 1, rest + perDay);
        var beforeChrist = AppendDay(text, day);
        text.Append((byte)(iso ? 'T' : ' '));
        AppendTime(text, rest, digits);
        text.Append(zone);
        if (beforeChrist)
            text.Append(" (BC)"u8);
    }

    // seconds always, the fraction without zeros at its end
    private static void AppendTime(Utf8Text text, long value, int digits)
    {
        var (seconds, fraction) = Math.DivRem(value, PowerOfTen(digits));
        text.AppendPadded(seconds / 3600, 2);
        text.Append((byte)':');
        text.AppendPadded(seconds / 60 % 60, 2);
        text.Append((byte)':');
        text.AppendPadded(seconds % 60, 2);
        if (fraction == 0)
            return;
        for (; fraction % 10 == 0; digits--)
            fraction /= 10;
        text.Append((byte)'.');
        text.AppendPadded(fraction, digits);
    }

    private static void AppendInterval(Utf8Text text, VectorReader vector, int row)
    {
        // months and days of 32 bits, then microseconds of 64
        var value = vector.Values<Int128>()[row];
        var interval = new Interval((int)(uint)value, (int)(uint)(value >> 32), (long)(value >> 64));
        text.Append(interval.ToString());
    }

    /// <summary>The proleptic Gregorian day (H. Hinnant, "chrono-compatible low-level date algorithms"); whether it is before Christ.</summary>
    private static bool AppendDay(Utf8Text text, long days)
    {
        const int DaysPerEra = 146_097;
        var shifted = days + 719_468;
        var era = Math.DivRem(shifted, DaysPerEra) is var (quotient, rest) && rest < 0 ? quotient - 1 : quotient;
        var dayOfEra = shifted - (era * DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        var month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        text.AppendPadded(year > 0 ? year : 1 - year, 4);
        text.Append((byte)'-');
        text.AppendPadded(month, 2);
        text.Append((byte)'-');
        text.AppendPadded(dayOfYear - (((153 * shiftedMonth) + 2) / 5) + 1, 2);
        return year <= 0;
    }

    private static long PowerOfTen(int digits) => digits switch { 0 => 1, 3 => 1_000, 6 => 1_000_000, _ => 1_000_000_000 };
}
