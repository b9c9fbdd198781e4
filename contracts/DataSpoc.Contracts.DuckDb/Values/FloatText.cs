using System.Globalization;

namespace DataSpoc.Contracts.DuckDb.Values;

/// <summary>Floating point as DuckDB writes it: the shortest digits that read back the same, with an exponent below 10⁻⁴ and from 10¹⁶ on.</summary>
internal static class FloatText
{
    private const int SmallestPlain = -4;
    private const int LargestPlain = 15;

    internal static string Of(double number) =>
        double.IsFinite(number) ? Plain(number.ToString("R", CultureInfo.InvariantCulture)) : double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";

    internal static string Of(float number) => float.IsFinite(number) ? Plain(number.ToString("R", CultureInfo.InvariantCulture)) : Of((double)number);

    /// <summary>.NET and DuckDB agree on the digits, not on when they write an exponent.</summary>
    private static string Plain(string shortest)
    {
        var sign = shortest[0] == '-' ? "-" : "";
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var written = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = shortest.AsSpan(sign.Length, (mark < 0 ? shortest.Length : mark) - sign.Length);
        var point = mantissa.IndexOf('.') is var at && at < 0 ? mantissa.Length : at;
        var all = mantissa.ToString().Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        if (digits.Length == 0)
            return sign + "0.0";
        var exponent = written + point - 1 - leading;
        if (exponent is < SmallestPlain or > LargestPlain)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        digits = digits.PadRight(exponent + 2, '0');
        return $"{sign}{digits.AsSpan(0, exponent + 1)}.{digits.AsSpan(exponent + 1)}";
    }
}
