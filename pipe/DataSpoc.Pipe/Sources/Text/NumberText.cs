using System.Buffers.Text;
using System.Globalization;

namespace DataSpoc.Pipe.Sources.Text;

/// <summary>
/// Numbers from their UTF-8 text, exactly or not at all. Decimals and integers never pass through a double.
/// The grammar is JSON's (RFC 8259 §6): no leading plus, no <c>NaN</c>, no thousands separators.
/// </summary>
internal static class NumberText
{
    private const int DigitsEveryDoubleKeeps = 15;
    private const long MantissaEveryDoubleKeeps = 1_000_000_000_000_000;
    private const int LongestShortest = 32;
    private const int LongestExactDouble = 800;

    /// <summary>A whole number; <c>1.0</c> and <c>1e3</c> are whole, <c>1.5</c> is too precise.</summary>
    public static Fit ToInt64(ReadOnlySpan<byte> text, out long value)
    {
        if (ShortNumber.TryRead(text, out var number) && number.Decimals == 0)
        {
            value = number.Negative ? -number.Mantissa : number.Mantissa;
            return Fit.Fits;
        }

        return ToInt64Slowly(text, out value);
    }

    /// <summary>The number times 10^<paramref name="scale"/>, as DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>) stores it.</summary>
    public static Fit ToDecimal(ReadOnlySpan<byte> text, int precision, int scale, out Int128 value)
    {
        if (ShortNumber.TryRead(text, out var number) && number.Decimals <= scale && number.Whole <= precision - scale)
        {
            var up = scale - number.Decimals;
            var unsigned = precision <= 18 ? number.Mantissa * PowersOfTen.Long(up) : (Int128)PowersOfTen.Wide(up) * number.Mantissa;
            value = number.Negative ? -unsigned : unsigned;
            return Fit.Fits;
        }

        value = 0;
        if (!Digits.TryRead(text, out var digits))
            return Fit.NotOfType;

        if (digits.Count == 0)
            return Fit.Fits;

        if (digits.Magnitude > precision - scale)
            return Fit.OutOfRange;

        if (-digits.Exponent > scale || digits.Count > Digits.Most)
            return Fit.TooPrecise;

        var scaled = (Int128)(digits.Mantissa * PowersOfTen.Wide(scale + digits.Exponent));
        value = digits.Negative ? -scaled : scaled;
        return Fit.Fits;
    }

    /// <summary>
    /// A double that stands for exactly this text: printed with as many significant digits as the text has, it gives
    /// the text again. Up to 15 digits always do; longer ones do where a double printed them.
    /// </summary>
    public static Fit ToDouble(ReadOnlySpan<byte> text, out double value)
    {
        if (ShortNumber.TryRead(text, out var number) && number.Mantissa < MantissaEveryDoubleKeeps)
        {
            value = number.Mantissa / PowersOfTen.Double(number.Decimals);
            value = number.Negative ? -value : value;
            return Fit.Fits;
        }

        if (IsShortest(text, out value))
            return Fit.Fits;

        if (!Digits.TryRead(text, out var digits))
            return Fit.NotOfType;

        if (digits.Count <= DigitsEveryDoubleKeeps && Math.Abs(digits.Exponent) <= PowersOfTen.ExactInDouble)
        {
            double mantissa = (ulong)digits.Mantissa;
            var exact = digits.Exponent < 0
                ? mantissa / PowersOfTen.Double(-digits.Exponent)
                : mantissa * PowersOfTen.Double(digits.Exponent);
            value = digits.Negative ? -exact : exact;
            return Fit.Fits;
        }

        if (!Utf8Parser.TryParse(text, out value, out var consumed) || consumed != text.Length)
            return Fit.NotOfType;

        if (double.IsInfinity(value))
            return Fit.OutOfRange;

        return Reprints(value, text, digits) ? Fit.Fits : Fit.TooPrecise;
    }

    private static Fit ToInt64Slowly(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (!Digits.TryRead(text, out var digits))
            return Fit.NotOfType;

        if (digits.Exponent < 0)
            return Fit.TooPrecise;

        if (digits.Magnitude > 19)
            return Fit.OutOfRange;

        var magnitude = digits.Mantissa * PowersOfTen.Wide(digits.Exponent);
        var limit = digits.Negative ? (UInt128)long.MaxValue + 1 : (UInt128)long.MaxValue;
        if (magnitude > limit)
            return Fit.OutOfRange;

        value = digits.Negative ? (long)-(Int128)magnitude : (long)magnitude;
        return Fit.Fits;
    }

    /// <summary>Whether a text is, byte for byte, the shortest one of a double: that is what almost all programs print.</summary>
    private static bool IsShortest(ReadOnlySpan<byte> text, out double value)
    {
        Span<byte> printed = stackalloc byte[LongestShortest];
        value = 0;
        return text.Length <= LongestShortest
            && Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length && double.IsFinite(value)
            && value.TryFormat(printed, out var length, default, CultureInfo.InvariantCulture) && text.SequenceEqual(printed[..length]);
    }

    private static bool Reprints(double value, ReadOnlySpan<byte> text, Digits digits)
    {
        if (digits.Count > LongestExactDouble)
            return false;

        Span<byte> printed = stackalloc byte[LongestExactDouble + 16];
        if (!TryPrint(Math.Abs(value), digits.Count, printed, out var length)
            || !Digits.TryRead(printed[..length], out var again)
            || again.Count != digits.Count || again.Exponent != digits.Exponent)
        {
            return false;
        }

        return digits.Count <= Digits.Most ? again.Mantissa == digits.Mantissa : SameDigits(printed[..length], text, digits.Count);
    }

    private static bool TryPrint(double value, int digits, Span<byte> target, out int written)
    {
        Span<char> format = stackalloc char[8];
        format[0] = 'E';
        return (digits - 1).TryFormat(format[1..], out var chars, default, CultureInfo.InvariantCulture)
            & value.TryFormat(target, out written, format[..(chars + 1)], CultureInfo.InvariantCulture);
    }

    private static bool SameDigits(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int count)
    {
        for (int i = 0, j = 0, same = 0; same < count;)
        {
            if (a[i] is (byte)'-' or (byte)'.' || (a[i] == '0' && same == 0))
                i++;
            else if (b[j] is (byte)'-' or (byte)'.' || (b[j] == '0' && same == 0))
                j++;
            else if (a[i++] != b[j++])
                return false;
            else
                same++;
        }

        return true;
    }
}
