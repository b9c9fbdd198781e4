using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>Texts that a double stands for: printed with as many significant digits as the text has, it gives the text again.</summary>
internal readonly struct ExactDouble : ITextParser<double>
{
    /// <summary>Up to so many digits always come back (DBL_DIG), where the number is neither huge nor tiny.</summary>
    private const int AlwaysKept = 15;
    private const int LongestCompared = 800;

    // powers of ten that are doubles themselves
    private static readonly double[] Powers = [.. Enumerable.Range(0, 23).Select(power => Math.Pow(10, power))];

    /// <summary>Blanks around it and a sign are allowed, and the words inf, infinity and nan; no digit is lost, and no number becomes infinity or nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        // the usual case, in one pass: a few digits and a point (Clinger 1990: both parts are exact, so their quotient is rounded once)
        if (text.Length is > 0 and <= AlwaysKept + 2)
        {
            var (i, mantissa, digits, point) = (text[0] == '-' ? 1 : 0, 0UL, 0, -1);
            for (; i < text.Length; i++)
            {
                var digit = (uint)text[i] - '0';
                if (digit <= 9)
                    (mantissa, digits) = ((mantissa * 10) + digit, digits + 1);
                else if (text[i] == '.' && point < 0 && digits > 0)
                    point = digits;
                else
                    break;
            }
            if (i == text.Length && digits is > 0 and <= AlwaysKept && point != digits)
            {
                number = point < 0 ? mantissa : mantissa / Powers[digits - point];
                number = text[0] == '-' ? -number : number;
                return true;
            }
        }
        return TryParseUnusual(text.Trim(" \t\n\v\f\r"u8), out number);
    }

    private static bool TryParseUnusual(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        if (text.IsEmpty || char.IsAsciiLetter((char)text[^1]))
            return TryParseWord(text, out number);
        if (!Utf8Parser.TryParse(text, out number, out var consumed) || consumed != text.Length || !double.IsFinite(number))
            return false;
        Span<byte> printed = stackalloc byte[LongestCompared + 16];
        Span<byte> own = stackalloc byte[LongestCompared];
        Span<byte> others = stackalloc byte[LongestCompared];
        if (!TryDigits(text, own, out var digits))
            return false;
        if (digits == 0 || (digits <= AlwaysKept && Math.Abs(number) is > 1e-290 and < 1e290))
            return true;
        // the shortest spelling of a double is what almost all programs print
        if (number.TryFormat(printed, out var length, default, CultureInfo.InvariantCulture) && TryDigits(printed[..length], others, out var again) && own[..digits].SequenceEqual(others[..again]))
            return true;
        Span<char> format = stackalloc char[8];
        format[0] = 'E';
        _ = (digits - 1).TryFormat(format[1..], out var chars, default, CultureInfo.InvariantCulture);
        return number.TryFormat(printed, out length, format[..(chars + 1)], CultureInfo.InvariantCulture)
            && TryDigits(printed[..length], others, out again) && own[..digits].SequenceEqual(others[..again]);
    }

    private static bool TryParseWord(ReadOnlySpan<byte> text, out double number)
    {
        var negative = !text.IsEmpty && text[0] == '-';
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        var infinite = Ascii("inf"u8, text) || Ascii("infinity"u8, text);
        number = !infinite ? double.NaN : negative ? double.NegativeInfinity : double.PositiveInfinity;
        return infinite || Ascii("nan"u8, text);
    }

    private static bool Ascii(ReadOnlySpan<byte> word, ReadOnlySpan<byte> text) => System.Text.Ascii.EqualsIgnoreCase(word, text);

    /// <summary>The significant digits, without zeros before and behind; not where they are more than can be compared.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> text, Span<byte> digits, out int count)
    {
        var kept = count = 0;
        foreach (var sign in text)
        {
            if (sign is (byte)'e' or (byte)'E')
                break;
            if (sign is < (byte)'0' or > (byte)'9' || (count == 0 && sign == '0'))
                continue;
            if (count == digits.Length)
                return false;
            digits[count++] = sign;
            kept = sign == '0' ? kept : count;
        }
        count = kept;
        return true;
    }
}
