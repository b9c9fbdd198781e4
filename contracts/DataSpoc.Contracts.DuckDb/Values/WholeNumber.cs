using System.Runtime.CompilerServices;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>Texts of whole numbers of 64 bits.</summary>
internal readonly struct WholeNumber : ITextParser<long>
{
    /// <summary>Reads a number that loses nothing as one: blanks around it, a sign, and a point with only zeros after it are allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParse(ReadOnlySpan<byte> text, out long number)
    {
        ulong value = 0;
        var i = 0;
        // the usual case, in one pass: up to 18 digits and nothing else
        if (text.Length is > 0 and <= 18)
            for (; i < text.Length; i++)
            {
                var digit = (uint)text[i] - '0';
                if (digit > 9)
                    break;
                value = (value * 10) + digit;
            }
        number = (long)value;
        return (i == text.Length && i > 0) || TryParseUnusual(text, out number);
    }

    private static bool TryParseUnusual(ReadOnlySpan<byte> text, out long number)
    {
        text = text.Trim(" \t\n\v\f\r"u8);
        number = 0;
        var negative = !text.IsEmpty && text[0] == '-';
        if (negative || (!text.IsEmpty && text[0] == '+'))
            text = text[1..];
        var digits = text.IndexOf((byte)'.') is >= 0 and var point ? text[..point] : text;
        if (text.Length > digits.Length && text[(digits.Length + 1)..].ContainsAnyExcept((byte)'0'))
            return false;
        if (digits.IsEmpty)
            return false;
        Int128 value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + (digit - '0');
            if (value > (Int128)long.MaxValue + 1)
                return false;
        }
        value = negative ? -value : value;
        number = (long)value;
        return value <= long.MaxValue;
    }
}
