using System.Text;
using System.Text.Json;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>
/// How a schema's bounds choose the type of numbers.
/// <list type="bullet">
/// <item><c>integer</c>: BIGINT; DECIMAL(38,0) where <c>minimum</c> or <c>maximum</c> reach beyond 64 bits.</item>
/// <item><c>number</c> with <c>multipleOf</c>: its decimals are the scale; <c>minimum</c> and <c>maximum</c> together give the digits before the
/// point, else all 38 digits are taken. Where that cannot say a decimal type (more than 18 decimals and no bounds, or more than 38
/// digits in all, as drivers of databases say of unbounded numerics) it is as if nothing had been said.</item>
/// <item><c>number</c> otherwise: DOUBLE, refusing every value whose digits a double would not keep.</item>
/// <item><c>string</c> with format <c>x-singer.decimal</c> (Meltano SDK): <c>precision</c> and <c>scale</c>; without them the text is kept.</item>
/// </list>
/// </summary>
internal static class NumberBounds
{
    private const int MostScaleWithoutBounds = 18;

    public static Shape OfInteger(JsonElement schema) =>
        BeyondInt64(schema, "minimum") || BeyondInt64(schema, "maximum") ? new DecimalShape(Digits.Most, 0, Quoted: false) : new IntegerShape();

    public static Shape OfNumber(JsonElement schema)
    {
        if (!TryNumber(schema, "multipleOf", out var step) || step.Count == 0)
            return new NumberShape();

        var scale = Math.Max(0, -step.Exponent);
        if (TryWhole(schema, "minimum", "exclusiveMinimum", out var below) && TryWhole(schema, "maximum", "exclusiveMaximum", out var above))
        {
            var precision = Math.Max(1, Math.Max(below, above) + scale);
            if (precision <= Digits.Most)
                return new DecimalShape(precision, scale, Quoted: false);
        }

        return scale <= MostScaleWithoutBounds ? new DecimalShape(Digits.Most, scale, Quoted: false) : new NumberShape();
    }

    public static Shape OfSingerDecimal(JsonElement schema)
    {
        var precision = TryInt(schema, "precision");
        var scale = TryInt(schema, "scale") ?? 0;
        return precision is >= 1 and <= Digits.Most && scale >= 0 && scale <= precision
            ? new DecimalShape(precision.Value, scale, Quoted: true)
            : new AnyTextShape();
    }

    private static int? TryInt(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static bool BeyondInt64(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var bound) && bound.ValueKind == JsonValueKind.Number
            && NumberText.ToInt64(Encoding.UTF8.GetBytes(bound.GetRawText()), out _) == Fit.OutOfRange;

    private static bool TryNumber(JsonElement schema, string keyword, out (bool IsPowerOfTen, int Count, int Exponent) number)
    {
        number = default;
        if (!schema.TryGetProperty(keyword, out var value) || value.ValueKind != JsonValueKind.Number
            || !Digits.TryRead(Encoding.UTF8.GetBytes(value.GetRawText()), out var digits))
        {
            return false;
        }

        number = (digits.Count == 1 && digits.Mantissa == 1, digits.Count, digits.Exponent);
        return true;
    }

    /// <summary>Digits before the point that the bound allows; both spellings of an exclusive bound (draft 4: true, later: the number).</summary>
    private static bool TryWhole(JsonElement schema, string keyword, string exclusiveKeyword, out int digits)
    {
        digits = 0;
        var exclusive = schema.TryGetProperty(exclusiveKeyword, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.Number;
        if (!TryNumber(schema, keyword, out var bound) && !TryNumber(schema, exclusiveKeyword, out bound))
            return false;

        digits = Math.Max(0, bound.Count + bound.Exponent - (exclusive && bound.IsPowerOfTen ? 1 : 0));
        return true;
    }
}
