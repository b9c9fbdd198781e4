using System.Globalization;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>An exact number of up to 38 digits, for those that <see cref="decimal"/> cannot hold.</summary>
/// <param name="Unscaled">The digits without the point.</param>
/// <param name="Scale">Digits after the point, 0 to 38.</param>
public readonly record struct FixedDecimal(Int128 Unscaled, byte Scale) : IFormattable
{
    /// <summary>The exact number with <see cref="Scale"/> digits after the point, for example <c>-0.50</c>.</summary>
    public override string ToString()
    {
        var digits = (Unscaled < 0 ? -(UInt128)Unscaled : (UInt128)Unscaled).ToString(CultureInfo.InvariantCulture);
        var sign = Unscaled < 0 ? "-" : "";
        if (Scale == 0)
            return sign + digits;
        digits = digits.PadLeft(Scale + 1, '0');
        return $"{sign}{digits.AsSpan(0, digits.Length - Scale)}.{digits.AsSpan(digits.Length - Scale)}";
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>The same number, with the same digits after the point.</summary>
    /// <exception cref="OverflowException">More than 28 digits.</exception>
    public decimal ToDecimal()
    {
        var magnitude = Unscaled < 0 ? -(UInt128)Unscaled : (UInt128)Unscaled;
        if (magnitude >> 96 != 0 || Scale > 28)
            throw new OverflowException($"{this} has more digits than a decimal holds");
        return new((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), Unscaled < 0, Scale);
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble() => double.Parse(ToString(), CultureInfo.InvariantCulture);
}
