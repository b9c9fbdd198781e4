using DataSpoc.Contracts.Delta;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>Which values of one type are, without loss, values of another.</summary>
internal static class TypeWidening
{
    private static readonly DeltaType[] Integers = [PrimitiveType.Byte, PrimitiveType.Short, PrimitiveType.Integer, PrimitiveType.Long];
    private static readonly int[] Digits = [3, 5, 10, 19];

    /// <summary>Whether every value of <paramref name="from"/> is a value of <paramref name="to"/>.</summary>
    public static bool Fits(DeltaType from, DeltaType to)
    {
        if (from.Equals(to))
            return true;
        var integer = Array.IndexOf(Integers, from);
        return (from, to) switch
        {
            (_, PrimitiveType wider) when integer >= 0 && Array.IndexOf(Integers, wider) is var index and >= 0 => index > integer,
            (_, DecimalType exact) when integer >= 0 => exact.Precision - exact.Scale >= Digits[integer],
            // a double holds whole numbers up to 2^53
            (_, PrimitiveType) when integer is >= 0 and < 3 && to.Equals(PrimitiveType.Double) => true,
            (DecimalType narrow, DecimalType wide) => wide.Scale >= narrow.Scale && wide.Precision - wide.Scale >= narrow.Precision - narrow.Scale,
            (PrimitiveType, PrimitiveType) when from.Equals(PrimitiveType.Float) => to.Equals(PrimitiveType.Double),
            (PrimitiveType, PrimitiveType) when from.Equals(PrimitiveType.Date) => to.Equals(PrimitiveType.TimestampNtz),
            (ArrayType one, ArrayType other) => Fits(one.Element, other.Element),
            (StructType one, StructType other) => one.Fields.All(field => Find(other, field.Name) is { } target && Fits(field.Type, target.Type)),
            _ => false,
        };
    }

    /// <summary>
    /// The type that holds the numbers of both (int → bigint → decimal → double); else null. A DOUBLE takes up whatever meets it, as the source says that it counts in it.
    /// </summary>
    public static DeltaType? Wider(DeltaType one, DeltaType other)
    {
        if (Fits(one, other))
            return other;
        var (a, b) = (AsDecimal(one), AsDecimal(other));
        if (a is not null && b is not null)
        {
            var scale = Math.Max(a.Scale, b.Scale);
            var whole = Math.Max(a.Precision - a.Scale, b.Precision - b.Scale);
            return whole + scale <= 38 ? new DecimalType(whole + scale, scale) : PrimitiveType.Double;
        }
        return (a is not null || IsFloating(one)) && (b is not null || IsFloating(other)) ? PrimitiveType.Double : null;
    }

    /// <summary>Whether a table's column may be written anew as a type that a person gives: nothing is rounded; a value that is too large is an error.</summary>
    public static bool MayBecome(DeltaType table, DeltaType given) =>
        Fits(table, given) || given.Equals(PrimitiveType.String) || (AsDecimal(table) is { } exact && given is DecimalType other && other.Scale >= exact.Scale);

    private static bool IsFloating(DeltaType type) => type.Equals(PrimitiveType.Double) || type.Equals(PrimitiveType.Float);

    private static DecimalType? AsDecimal(DeltaType type) =>
        type as DecimalType ?? (Array.IndexOf(Integers, type) is var integer and >= 0 ? new DecimalType(Digits[integer], 0) : null);

    /// <summary>A type that holds the values of both, where only fields of structs are added; else null.</summary>
    public static DeltaType? Grown(DeltaType table, DeltaType incoming) => (table, incoming) switch
    {
        _ when Fits(incoming, table) => table,
        (ArrayType one, ArrayType other) => Grown(one.Element, other.Element) is { } element ? one with { Element = element } : null,
        (StructType one, StructType other) => Grown(one, other),
        _ => null,
    };

    private static StructType? Grown(StructType table, StructType incoming)
    {
        var fields = table.Fields.ToList();
        foreach (var field in incoming.Fields)
        {
            var index = fields.FindIndex(own => string.Equals(own.Name, field.Name, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
                fields.Add(field with { Nullable = true });
            else if (Grown(fields[index].Type, field.Type) is { } grown)
                fields[index] = fields[index] with { Type = grown };
            else
                return null;
        }
        return new(fields);
    }

    private static DeltaField? Find(StructType type, string name) => type.Fields.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));
}
