using System.Text.Json;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>The values JSON Schema's <c>type</c> may name (draft 2020-12 §6.1.1).</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Number = 8,
    String = 16,
    Object = 32,
    Array = 64,
}

/// <summary>What a schema says of its values' types.</summary>
internal static class JsonTypesOf
{
    /// <summary>The named types; where none is named, those that other keywords imply; none where nothing does.</summary>
    /// <returns>False where a type is named that JSON Schema does not know; <paramref name="unknown"/> is its text.</returns>
    public static bool TryRead(JsonElement schema, out JsonTypes types, out string? unknown)
    {
        types = JsonTypes.None;
        unknown = null;
        if (schema.TryGetProperty("type", out var named) && named.ValueKind != JsonValueKind.Null)
        {
            var names = named.ValueKind == JsonValueKind.Array ? [.. named.EnumerateArray()] : new[] { named };
            foreach (var name in names)
            {
                var type = name.ValueKind == JsonValueKind.String ? Named(name.GetString()) : JsonTypes.None;
                unknown = type == JsonTypes.None ? name.GetRawText() : unknown;
                types |= type;
            }

            return unknown is null;
        }

        types = Implied(schema);
        return true;
    }

    private static JsonTypes Named(string? name) => name?.ToLowerInvariant() switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "integer" => JsonTypes.Integer,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "object" => JsonTypes.Object,
        "array" => JsonTypes.Array,
        _ => JsonTypes.None,
    };

    private static JsonTypes Implied(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
            return values.EnumerateArray().Aggregate(JsonTypes.None, (all, value) => all | OfValue(value));

        if (schema.TryGetProperty("const", out var constant))
            return OfValue(constant);

        return schema.TryGetProperty("properties", out _) ? JsonTypes.Object
            : schema.TryGetProperty("items", out _) ? JsonTypes.Array
            : JsonTypes.None;
    }

    private static JsonTypes OfValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Number => JsonTypes.Number,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Object => JsonTypes.Object,
        JsonValueKind.Array => JsonTypes.Array,
        _ => JsonTypes.Null,
    };
}
