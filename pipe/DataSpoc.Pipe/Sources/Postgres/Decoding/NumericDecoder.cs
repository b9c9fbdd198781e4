using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Rows;

namespace DataSpoc.Pipe.Sources.Postgres.Decoding;

/// <summary>
/// <c>numeric</c> into a decimal, exactly or not at all. Its form: the number of digits to the base 10,000, the power of the first, the sign (or that it is NaN or
/// infinite), the decimals shown, then the digits, without zeros at either end.
/// </summary>
/// <param name="width">All digits of the decimal, 1 to 38.</param>
/// <param name="scale">Digits after the point.</param>
/// <param name="outOfRange">What becomes of a value that has more, and of NaN and the infinities.</param>
internal sealed class NumericDecoder(int width, int scale, OutOfRange outOfRange) : ValueDecoder
{
    private const int Negative = 0x4000;
    private const int NaN = 0xC000;
    private const int Infinity = 0xD000;
    private const int NegativeInfinity = 0xF000;
    private static readonly long[] Powers = [1, 10, 100, 1000, 10_000];

    private readonly LogicalType _type = LogicalType.Decimal(width, scale);
    private readonly int _bytes = LogicalType.Decimal(width, scale).ByteWidth;
    private readonly Int128 _largest = Pow10(width) - 1;

    public override LogicalType Type => _type;

    public override void Write(ReadOnlySpan<byte> value, VectorWriter target, int row)
    {
        var digits = BinaryPrimitives.ReadUInt16BigEndian(value);
        var weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        if (sign is 0 or Negative && TryRead(value[8..], digits, weight, out var unscaled))
            UnscaledDecimal.Set(target, _bytes, row, sign == Negative ? -unscaled : unscaled);
        else if (outOfRange == OutOfRange.Error)
            throw Refused(value, digits, weight, sign);
        else if (outOfRange == OutOfRange.Null || sign == NaN)
            target.SetNull(row);
        else
            UnscaledDecimal.Set(target, _bytes, row, Nearest(value[8..], digits, weight, sign));
    }

    public override void WriteJson(ReadOnlySpan<byte> value, Utf8JsonWriter json)
    {
        var sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
        if (sign is 0 or Negative)
            json.WriteRawValue(Text(value, sign == Negative));
        else
            json.WriteStringValue(sign switch { NaN => "NaN", Infinity => "Infinity", _ => "-Infinity" });
    }

    // all digits, with the decimals that are shown
    private static string Text(ReadOnlySpan<byte> value, bool isNegative)
    {
        var (digits, weight, decimals) = (BinaryPrimitives.ReadUInt16BigEndian(value), BinaryPrimitives.ReadInt16BigEndian(value[2..]), BinaryPrimitives.ReadUInt16BigEndian(value[6..]));
        var (whole, fraction) = (new StringBuilder(), new StringBuilder());
        for (var group = Math.Max(weight, (short)0); group > weight - digits || group >= -((decimals + 3) / 4); group--)
        {
            var place = weight - group;
            var four = place >= 0 && place < digits ? BinaryPrimitives.ReadUInt16BigEndian(value[(8 + (2 * place))..]) : 0;
            (group >= 0 ? whole : fraction).Append(CultureInfo.InvariantCulture, $"{four:0000}");
        }
        var before = whole.ToString().TrimStart('0');
        var after = fraction.ToString().PadRight(decimals, '0')[..decimals];
        return $"{(isNegative ? "-" : "")}{(before.Length == 0 ? "0" : before)}{(after.Length == 0 ? "" : ".")}{after}";
    }

    // the digits as a number without point; false where the decimal has not enough of them
    private bool TryRead(ReadOnlySpan<byte> groups, int digits, int weight, out Int128 unscaled)
    {
        unscaled = 0;
        if (digits == 0)
            return true;
        var last = (4 * (weight - digits + 1)) + scale;
        var first = BinaryPrimitives.ReadUInt16BigEndian(groups);
        var leading = first >= 1000 ? 4 : first >= 100 ? 3 : first >= 10 ? 2 : 1;
        // the last group is not zero: a whole group after the last decimal is a digit that would be lost
        if (leading + (4 * weight) + scale > width || last <= -4)
            return false;
        if (width <= 18)
        {
            var small = 0L;
            for (var i = 0; i < digits - 1; i++)
                small = (small * 10_000) + BinaryPrimitives.ReadUInt16BigEndian(groups[(2 * i)..]);
            var end = BinaryPrimitives.ReadUInt16BigEndian(groups[(2 * (digits - 1))..]);
            if (last >= 0)
            {
                unscaled = Shift((small * 10_000) + end, last);
                return true;
            }
            unscaled = (small * Powers[4 + last]) + (end / Powers[-last]);
            return end % Powers[-last] == 0;
        }
        Int128 large = 0;
        for (var i = 0; i < digits - 1; i++)
            large = (large * 10_000) + BinaryPrimitives.ReadUInt16BigEndian(groups[(2 * i)..]);
        var tail = BinaryPrimitives.ReadUInt16BigEndian(groups[(2 * (digits - 1))..]);
        unscaled = last >= 0 ? ((large * 10_000) + tail) * Pow10(last) : (large * Powers[4 + last]) + (tail / Powers[-last]);
        return last >= 0 || tail % Powers[-last] == 0;
    }

    // the largest of the sign where there are too many digits before the point, else the number cut after the last decimal
    private Int128 Nearest(ReadOnlySpan<byte> groups, int digits, int weight, int sign)
    {
        BigInteger number = 0;
        for (var i = 0; i < digits; i++)
            number = (number * 10_000) + BinaryPrimitives.ReadUInt16BigEndian(groups[(2 * i)..]);
        var power = (4 * (weight - digits + 1)) + scale;
        number = power >= 0 ? number * BigInteger.Pow(10, power) : number / BigInteger.Pow(10, -power);
        var nearest = sign is Infinity or NegativeInfinity || number > _largest ? _largest : (Int128)number;
        return sign is Negative or NegativeInfinity ? -nearest : nearest;
    }

    private ValueRefused Refused(ReadOnlySpan<byte> value, int digits, int weight, int sign)
    {
        var decimals = BinaryPrimitives.ReadUInt16BigEndian(value[6..]);
        var sentence = sign switch
        {
            NaN => "is NaN, which no decimal can hold",
            Infinity => "is infinity, which no decimal can hold",
            NegativeInfinity => "is -infinity, which no decimal can hold",
            _ => string.Create(CultureInfo.InvariantCulture, $"has {Math.Max(1, (digits == 0 ? 0 : (4 * weight) + LeadingOf(value)))} digits before the point and {decimals} after it, more than {_type} has"),
        };
        return new(sentence) { Hint = "name another type for the column under `types`, such as double or text; `out_of_range: null` makes such values NULL" };
    }

    private static int LeadingOf(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt16BigEndian(value[8..]).ToString(CultureInfo.InvariantCulture).Length;

    private static Int128 Shift(long value, int power) => power == 0 ? value : value * Pow10(power);

    private static Int128 Pow10(int power)
    {
        Int128 result = 1;
        for (var i = 0; i < power; i++)
            result *= 10;
        return result;
    }
}
