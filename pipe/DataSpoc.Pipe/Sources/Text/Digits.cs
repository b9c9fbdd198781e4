namespace DataSpoc.Pipe.Sources.Text;

/// <summary>
/// A decimal number taken apart: (−1)^Negative × Mantissa × 10^Exponent. The mantissa has no trailing zeros,
/// so two texts of the same number come apart alike.
/// </summary>
internal readonly ref struct Digits
{
    /// <summary>More significant digits than this do not fit any decimal type (Delta and Parquet: 38).</summary>
    public const int Most = 38;

    private const int FarAway = 1_000_000;

    private Digits(bool negative, UInt128 mantissa, int count, int exponent)
    {
        Negative = negative;
        Mantissa = mantissa;
        Count = count;
        Exponent = exponent;
    }

    public bool Negative { get; }

    /// <summary>The significant digits; meaningless where <see cref="Count"/> is above <see cref="Most"/>.</summary>
    public UInt128 Mantissa { get; }

    /// <summary>Significant digits between the first and the last that is not zero; 0 for zero.</summary>
    public int Count { get; }

    public int Exponent { get; }

    /// <summary>Digits before the decimal point: 3 for 123.4, 0 for 0.12, −1 for 0.012.</summary>
    public int Magnitude => Count + Exponent;

    /// <summary>Reads JSON's number grammar (RFC 8259 §6), the whole text.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Digits digits)
    {
        digits = default;
        var at = 0;
        var negative = at < text.Length && text[at] == '-';
        if (negative)
            at++;

        var sum = default(Sum);
        var exponent = 0;
        var whole = at;
        for (; at < text.Length && IsDigit(text[at]); at++)
            sum.Take(text[at]);

        if (at == whole || (text[whole] == '0' && at - whole > 1))
            return false;

        if (at < text.Length && text[at] == '.')
        {
            var fraction = ++at;
            for (; at < text.Length && IsDigit(text[at]); at++)
            {
                sum.Take(text[at]);
                exponent--;
            }

            if (at == fraction)
                return false;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            if (!TryReadExponent(text[(at + 1)..], ref exponent))
                return false;

            at = text.Length;
        }

        digits = sum.Count == 0 ? new Digits(negative, 0, 0, 0) : new Digits(negative, sum.Mantissa, sum.Count, exponent + sum.Zeros);
        return at == text.Length;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, ref int exponent)
    {
        var at = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (at == text.Length)
            return false;

        var value = 0;
        for (var i = at; i < text.Length; i++)
        {
            if (!IsDigit(text[i]))
                return false;

            value = Math.Min(FarAway, (value * 10) + text[i] - '0');
        }

        exponent += text[0] == '-' ? -value : value;
        return true;
    }

    private static bool IsDigit(byte c) => (uint)(c - '0') <= 9;

    /// <summary>Adds up digits: in 64 bits as long as they fit, in 128 after that.</summary>
    private ref struct Sum
    {
        private const int MostInLow = 19;

        private ulong low;
        private UInt128 wide;

        public int Count { get; private set; }

        /// <summary>Zeros since the last digit that is not zero.</summary>
        public int Zeros { get; private set; }

        public readonly UInt128 Mantissa => Count <= MostInLow ? low : wide;

        public void Take(byte digit)
        {
            if (digit == '0')
            {
                Zeros += Count == 0 ? 0 : 1;
                return;
            }

            var before = Count;
            Count += Zeros + 1;
            if (Count <= MostInLow)
                low = (low * (Zeros == 0 ? 10 : (ulong)PowersOfTen.Long(Zeros + 1))) + digit - '0';
            else if (Count <= Most)
                wide = ((before <= MostInLow ? low : wide) * PowersOfTen.Wide(Zeros + 1)) + digit - '0';

            Zeros = 0;
        }
    }
}
