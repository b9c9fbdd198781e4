using System.Globalization;
using System.Text;

namespace DataSpoc.Contracts.Delta;

/// <summary>Makes bounds short without making them wrong (Delta protocol, "Per-file Statistics", note 1).</summary>
public static class StatisticsBounds
{
    /// <summary>Text is cut after that many code points.</summary>
    public const int MaxTextLength = 32;

    /// <summary>A lower bound, in the order of code points, for texts of which <paramref name="smallest"/> is the least: itself, or its beginning.</summary>
    public static string LowerText(string smallest) => smallest[..PrefixLength(smallest)];

    /// <summary>
    /// An upper bound, in the order of code points, for texts of which <paramref name="largest"/> is the greatest: itself, or its beginning with the last
    /// code point that can be raised raised by one. Null where none can.
    /// </summary>
    public static string? UpperText(string largest)
    {
        var length = PrefixLength(largest);
        if (length == largest.Length)
            return largest;
        // a lone surrogate has no place in the order of code points
        if (length < largest.Length && char.IsSurrogate(largest[length]) && !char.IsSurrogatePair(largest, length) && Runes(largest, length) < MaxTextLength)
            return null;
        while (length > 0)
        {
            Rune.DecodeLastFromUtf16(largest.AsSpan(0, length), out var last, out var taken);
            length -= taken;
            if (Next(last) is { } next)
                return string.Concat(largest.AsSpan(0, length), next.ToString());
        }
        return null;
    }

    /// <summary>A timestamp as lower bound: cut to milliseconds.</summary>
    /// <param name="value">The value; UTC where <paramref name="zoned"/>.</param>
    /// <param name="zoned">Whether it is a point in time (<c>2026-01-31T12:00:00.123Z</c>) or has no zone (no <c>Z</c>).</param>
    public static string LowerTimestamp(DateTime value, bool zoned) => Format(value.AddTicks(-(value.Ticks % TimeSpan.TicksPerMillisecond)), zoned);

    /// <summary>A timestamp as upper bound: the first millisecond that is not before it; null at the end of time.</summary>
    /// <inheritdoc cref="LowerTimestamp"/>
    public static string? UpperTimestamp(DateTime value, bool zoned)
    {
        var over = value.Ticks % TimeSpan.TicksPerMillisecond;
        if (over == 0)
            return Format(value, zoned);
        var up = TimeSpan.TicksPerMillisecond - over;
        return DateTime.MaxValue.Ticks - value.Ticks < up ? null : Format(value.AddTicks(up), zoned);
    }

    private static string Format(DateTime value, bool zoned) =>
        value.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + (zoned ? "Z" : "");

    private static int PrefixLength(string text)
    {
        var length = 0;
        for (var runes = 0; runes < MaxTextLength && length < text.Length; runes++)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(length), out _, out var taken) != System.Buffers.OperationStatus.Done)
                return length;
            length += taken;
        }
        return length;
    }

    private static int Runes(string text, int length) => text.AsSpan(0, length).ToString().EnumerateRunes().Count();

    private static Rune? Next(Rune rune) => rune.Value switch
    {
        0x10FFFF => null,
        0xD7FF => new Rune(0xE000),
        var value => new Rune(value + 1),
    };
}
