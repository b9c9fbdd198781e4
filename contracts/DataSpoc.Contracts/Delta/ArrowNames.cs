using System.Globalization;

namespace DataSpoc.Contracts.Delta;

/// <summary>Type names as pyarrow prints them, which DataSpoc 1.0 put into the manifest.</summary>
public static class ArrowNames
{
    /// <summary>The Arrow name of a type: <c>int64</c>, <c>list&lt;item: string&gt;</c>.</summary>
    public static string Of(DeltaType type) => type switch
    {
        PrimitiveType primitive => primitive.Name switch
        {
            "long" => "int64",
            "integer" => "int32",
            "short" => "int16",
            "byte" => "int8",
            "boolean" => "bool",
            "date" => "date32[day]",
            "timestamp" => "timestamp[us, tz=UTC]",
            "timestamp_ntz" => "timestamp[us]",
            "void" => "null",
            var same => same,
        },
        DecimalType number => string.Create(CultureInfo.InvariantCulture, $"decimal128({number.Precision}, {number.Scale})"),
        StructType part => $"struct<{string.Join(", ", part.Fields.Select(field => $"{field.Name}: {Of(field.Type)}{(field.Nullable ? "" : " not null")}"))}>",
        ArrayType list => $"list<item: {Of(list.Element)}{(list.ContainsNull ? "" : " not null")}>",
        MapType map => $"map<{Of(map.Key)}, {Of(map.Value)}>",
        UnsupportedType other => other.Name,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a type"),
    };

    /// <summary>
    /// The type of an Arrow name. Reads what <see cref="Of"/> writes and the other spellings and widths of Arrow; unsigned integers become the next wider type.
    /// Null where Delta has no such type (times of day, durations) or the name is none.
    /// </summary>
    public static DeltaType? Parse(string name)
    {
        var rest = name.AsSpan().Trim();
        return ArrowNameReader.Type(ref rest, depth: 0) is { } type && rest.Trim().Length == 0 ? type : null;
    }
}
