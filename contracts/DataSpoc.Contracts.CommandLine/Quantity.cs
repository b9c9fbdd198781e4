using System.Globalization;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>
/// Numbers for people. Groups of three digits, and a number and its unit symbol, are parted by U+202F, the narrow
/// no-break space; a word follows after a plain space: <c>1 240 000 rows</c>, <c>118 MB</c>, <c>2.3 s</c>.
/// Machine output never uses these.
/// </summary>
public static class Quantity
{
    /// <summary>U+202F.</summary>
    public const char ThinSpace = '\u202f';

    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary><c>1 240 000</c>.</summary>
    public static string Count(long value)
    {
        var digits = value.ToString("#,0", CultureInfo.InvariantCulture);
        return digits.Replace(',', ThinSpace);
    }

    /// <summary><c>1 240 000 rows</c>, <c>1 row</c>: the noun in its singular; a plural other than +s is given.</summary>
    public static string Count(long value, string singular, string? plural = null) =>
        $"{Count(value)} {(value == 1 ? singular : plural ?? singular + "s")}";

    /// <summary>Decimal units with three digits at most: <c>118 MB</c> = 118,000,000 bytes, <c>1.2 kB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (Math.Abs(value) >= (unit == 0 ? 1000 : 999.5) && unit < ByteUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        var text = unit > 0 && Math.Abs(value) < 9.95
            ? value.ToString("0.0", CultureInfo.InvariantCulture)
            : value.ToString("0", CultureInfo.InvariantCulture);
        return $"{text}{ThinSpace}{ByteUnits[unit]}";
    }

    /// <summary><c>45 ms</c>, <c>2.3 s</c>, <c>3 min 12 s</c>, <c>1 h 04 min</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
            time = TimeSpan.Zero;
        if (time.TotalMilliseconds < 999.5)
            return Invariant($"{time.TotalMilliseconds:0}{ThinSpace}ms");
        if (time.TotalSeconds < 59.95)
            return Invariant($"{time.TotalSeconds:0.0}{ThinSpace}s");
        var seconds = (long)Math.Round(time.TotalSeconds);
        return seconds < 3600
            ? Invariant($"{seconds / 60}{ThinSpace}min{ThinSpace}{seconds % 60:00}{ThinSpace}s")
            : Invariant($"{Count(seconds / 3600)}{ThinSpace}h{ThinSpace}{seconds % 3600 / 60:00}{ThinSpace}min");
    }

    /// <summary>Per second, three significant digits: <c>539 000 rows/s</c>.</summary>
    public static string Rate(long amount, TimeSpan time, string plural) =>
        $"{Count(ThreeDigits(amount / Math.Max(time.TotalSeconds, 1e-3)))} {plural}/s";

    private static long ThreeDigits(double value)
    {
        if (value < 1000)
            return (long)Math.Round(value);
        var scale = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        return (long)(Math.Round(value / scale) * scale);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
