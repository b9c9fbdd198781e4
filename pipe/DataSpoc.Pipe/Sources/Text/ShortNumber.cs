namespace DataSpoc.Pipe.Sources.Text;

/// <summary>A number as almost all are written: up to 18 digits, at most one point, no exponent.</summary>
/// <param name="Mantissa">All digits, without sign.</param>
/// <param name="Whole">How many of them are before the point.</param>
/// <param name="Decimals">How many are after it.</param>
internal readonly record struct ShortNumber(bool Negative, long Mantissa, int Whole, int Decimals)
{
    private const int Longest = 18;

    /// <summary>False for every other spelling, whether it is a number or not.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ShortNumber number)
    {
        number = default;
        var negative = text.Length > 0 && text[0] == '-';
        var digits = negative ? text[1..] : text;
        if ((uint)(digits.Length - 1) >= Longest)
            return false;

        long mantissa = 0;
        var point = -1;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (uint)(digits[i] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                continue;
            }

            if (digits[i] != '.' || point >= 0)
                return false;
            point = i;
        }

        var whole = point < 0 ? digits.Length : point;
        var decimals = point < 0 ? 0 : digits.Length - point - 1;
        if (whole == 0 || point == digits.Length - 1 || (digits[0] == '0' && whole > 1))
            return false;

        number = new ShortNumber(negative, mantissa, whole, decimals);
        return true;
    }
}
