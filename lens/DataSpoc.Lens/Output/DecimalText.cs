using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>Decimals with all their digits: <c>-0.50</c>.</summary>
internal static class DecimalText
{
    public static void Append(Utf8Text text, VectorReader vector, int row)
    {
        switch (vector.Type.ByteWidth)
        {
            case 2: Append(text, vector.Values<short>()[row], vector.Type.Scale); break;
            case 4: Append(text, vector.Values<int>()[row], vector.Type.Scale); break;
            case 8: Append(text, vector.Values<long>()[row], vector.Type.Scale); break;
            default: text.Append(new FixedDecimal(vector.Values<Int128>()[row], vector.Type.Scale).ToString()); break;
        }
    }

    // at most 18 digits
    private static void Append(Utf8Text text, long unscaled, byte scale)
    {
        if (unscaled < 0)
            text.Append((byte)'-');
        var magnitude = Math.Abs(unscaled);
        var power = 1L;
        for (var i = 0; i < scale; i++)
            power *= 10;
        var (whole, fraction) = Math.DivRem(magnitude, power);
        text.Append(whole);
        if (scale == 0)
            return;
        text.Append((byte)'.');
        text.AppendPadded(fraction, scale);
    }
}
