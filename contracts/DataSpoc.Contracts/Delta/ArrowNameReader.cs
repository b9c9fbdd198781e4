using System.Globalization;

namespace DataSpoc.Contracts.Delta;

/// <summary>Reads Arrow type names from left to right; what was read is taken off the front.</summary>
internal static class ArrowNameReader
{
    private const int MaxDepth = 100;

    public static DeltaType? Type(ref ReadOnlySpan<char> rest, int depth)
    {
        if (depth > MaxDepth)
            return null;
        var end = rest.IndexOfAnyExcept(WordCharacters);
        var word = end < 0 ? rest : rest[..end];
        rest = rest[word.Length..];
        return word switch
        {
            "string" or "utf8" or "large_string" or "large_utf8" or "string_view" => PrimitiveType.String,
            "int64" or "uint32" => PrimitiveType.Long,
            "int32" or "uint16" => PrimitiveType.Integer,
            "int16" or "uint8" => PrimitiveType.Short,
            "int8" => PrimitiveType.Byte,
            "uint64" => new DecimalType(20, 0),
            "float" or "float32" or "halffloat" or "float16" => PrimitiveType.Float,
            "double" or "float64" => PrimitiveType.Double,
            "bool" or "boolean" => PrimitiveType.Boolean,
            "binary" or "large_binary" or "binary_view" => PrimitiveType.Binary,
            "fixed_size_binary" => Brackets(ref rest) is null ? null : PrimitiveType.Binary,
            "null" => PrimitiveType.Void,
            "date32" or "date64" => Skip(ref rest, PrimitiveType.Date),
            "timestamp" => Timestamp(ref rest),
            "decimal" or "decimal32" or "decimal64" or "decimal128" or "decimal256" => Decimal(ref rest),
            "list" or "large_list" or "list_view" or "fixed_size_list" => List(ref rest, depth),
            "struct" => Struct(ref rest, depth),
            "map" => Map(ref rest, depth),
            "dictionary" => Dictionary(ref rest, depth),
            _ => null,
        };
    }

    private static readonly System.Buffers.SearchValues<char> WordCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private static PrimitiveType Skip(ref ReadOnlySpan<char> rest, PrimitiveType type)
    {
        Brackets(ref rest);
        return type;
    }

    private static PrimitiveType? Timestamp(ref ReadOnlySpan<char> rest) =>
        Brackets(ref rest) is not { } unit ? null : unit.Contains("tz=", StringComparison.Ordinal) ? PrimitiveType.Timestamp : PrimitiveType.TimestampNtz;

    private static string? Brackets(ref ReadOnlySpan<char> rest)
    {
        if (rest is not ['[', ..] || rest.IndexOf(']') is var end && end < 0)
            return null;
        var content = rest[1..end].ToString();
        rest = rest[(end + 1)..];
        return content;
    }

    private static DecimalType? Decimal(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(')');
        if (rest is not ['(', ..] || end < 0)
            return null;
        var parts = rest[1..end].ToString().Split(',', StringSplitOptions.TrimEntries);
        rest = rest[(end + 1)..];
        return parts is [var left, var right]
            && int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var precision) && precision is >= 1 and <= 38
            && int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var scale) && scale <= precision
            ? new(precision, scale)
            : null;
    }

    private static ArrayType? List(ref ReadOnlySpan<char> rest, int depth)
    {
        if (!Take(ref rest, "<") || Field(ref rest, depth) is not { } element || !Take(ref rest, ">"))
            return null;
        Brackets(ref rest);
        return new(element.Type, element.Nullable);
    }

    private static StructType? Struct(ref ReadOnlySpan<char> rest, int depth)
    {
        if (!Take(ref rest, "<"))
            return null;
        var fields = new List<DeltaField>();
        while (!Take(ref rest, ">"))
        {
            if (fields.Count > 0 && !Take(ref rest, ", ") || Field(ref rest, depth) is not { } field)
                return null;
            fields.Add(field);
        }
        return new(fields);
    }

    private static MapType? Map(ref ReadOnlySpan<char> rest, int depth)
    {
        if (!Take(ref rest, "<") || Type(ref rest, depth + 1) is not { } key || !Take(ref rest, ", ") || Type(ref rest, depth + 1) is not { } value)
            return null;
        Take(ref rest, ", keys_sorted");
        return Take(ref rest, ">") ? new(key, value) : null;
    }

    private static DeltaType? Dictionary(ref ReadOnlySpan<char> rest, int depth)
    {
        if (!Take(ref rest, "<values=") || Type(ref rest, depth + 1) is not { } values)
            return null;
        var end = rest.IndexOf('>');
        if (end < 0)
            return null;
        rest = rest[(end + 1)..];
        return values;
    }

    // a name that holds `: ` itself cannot be told from a type: such a struct has no known type
    private static DeltaField? Field(ref ReadOnlySpan<char> rest, int depth)
    {
        var colon = rest.IndexOf(": ");
        if (colon < 0)
            return null;
        var name = rest[..colon].ToString();
        rest = rest[(colon + 2)..];
        return Type(ref rest, depth + 1) is { } type ? new(name, type, Nullable: !Take(ref rest, " not null")) : null;
    }

    private static bool Take(ref ReadOnlySpan<char> rest, string text)
    {
        if (!rest.StartsWith(text, StringComparison.Ordinal))
            return false;
        rest = rest[text.Length..];
        return true;
    }
}
