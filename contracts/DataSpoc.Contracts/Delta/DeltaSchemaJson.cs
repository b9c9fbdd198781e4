using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Delta;

/// <summary>Schemas as the log spells them (Delta protocol, "Schema Serialization Format").</summary>
internal static class DeltaSchemaJson
{
    public static JsonObject Write(IReadOnlyList<DeltaField> fields) => new()
    {
        ["type"] = "struct",
        ["fields"] = new JsonArray([.. fields.Select(field => (JsonNode)new JsonObject
        {
            ["name"] = field.Name,
            ["type"] = Write(field.Type),
            ["nullable"] = field.Nullable,
            ["metadata"] = field.Metadata?.DeepClone() ?? new JsonObject(),
        })]),
    };

    /// <exception cref="JsonException">It is not a schema.</exception>
    public static IReadOnlyList<DeltaField> Read(JsonMembers schema) =>
        schema.Text("type") == "struct" ? ReadFields(schema) : throw schema.Wrong("type", "`struct`");

    private static JsonNode Write(DeltaType type) => type switch
    {
        StructType part => Write(part.Fields),
        ArrayType list => new JsonObject { ["type"] = "array", ["elementType"] = Write(list.Element), ["containsNull"] = list.ContainsNull },
        MapType map => new JsonObject
        {
            ["type"] = "map",
            ["keyType"] = Write(map.Key),
            ["valueType"] = Write(map.Value),
            ["valueContainsNull"] = map.ValueContainsNull,
        },
        _ => JsonValue.Create(type.ToString())!,
    };

    private static List<DeltaField> ReadFields(JsonMembers schema)
    {
        if (schema.Find("fields") is not { ValueKind: JsonValueKind.Array })
            throw schema.Missing("fields");
        var fields = new List<DeltaField>();
        foreach (var field in schema.Objects("fields"))
        {
            var metadata = field.ObjectOrNull("metadata")?.Element;
            fields.Add(new(field.Text("name"), ReadType(field, "type"), field.BoolOrNull("nullable") ?? true)
            {
                Metadata = metadata is { } given && given.EnumerateObject().Any() ? (JsonObject?)JsonNodes.From(given) : null,
            });
        }
        return fields;
    }

    private static DeltaType ReadType(JsonMembers parent, string member)
    {
        var value = parent.Find(member) ?? throw parent.Missing(member);
        if (value.ValueKind == JsonValueKind.String)
            return Simple(value.GetString()!) ?? new UnsupportedType(value.GetString()!);
        var type = parent.Object(member);
        return type.Text("type") switch
        {
            "struct" => new StructType(ReadFields(type)),
            "array" => new ArrayType(ReadType(type, "elementType"), type.BoolOrNull("containsNull") ?? true),
            "map" => new MapType(ReadType(type, "keyType"), ReadType(type, "valueType"), type.BoolOrNull("valueContainsNull") ?? true),
            var other => new UnsupportedType(other),
        };
    }

    private static DeltaType? Simple(string name)
    {
        foreach (var primitive in PrimitiveType.All)
            if (primitive.Name == name)
                return primitive;
        if (name == "decimal")
            return new DecimalType(10, 0);
        if (!name.StartsWith("decimal(", StringComparison.Ordinal) || !name.EndsWith(')'))
            return null;
        return name["decimal(".Length..^1].Split(',') is [var left, var right]
            && int.TryParse(left, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var precision)
            && int.TryParse(right, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var scale)
            && precision is >= 1 and <= 38 && scale >= 0 && scale <= precision
            ? new DecimalType(precision, scale)
            : null;
    }
}
