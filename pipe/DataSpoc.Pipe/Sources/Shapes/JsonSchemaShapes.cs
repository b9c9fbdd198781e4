using System.Collections.Frozen;
using System.Text.Json;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>
/// From a JSON Schema to shapes. <c>null</c> among the types or alternatives says nothing: every column takes null.
/// Objects with <c>properties</c> are structs, without them JSON text; arrays are lists of their <c>items</c>, without those JSON text.
/// Several types at once: scalars become text, anything with an object or array becomes JSON text. <c>date-time</c> is an
/// instant, <c>date</c> a day; <c>time</c>, <c>uuid</c> and other formats are strings as they are (Delta has no type for them).
/// Local <c>$ref</c>s are followed; one that leads back into itself is JSON text.
/// </summary>
internal sealed class JsonSchemaShapes
{
    private const int MostFields = 10_000;
    private const int MostLevels = 32;

    private static readonly FrozenSet<string> NothingReserved = [];

    private readonly JsonElement root;
    private readonly ShapeRules rules;
    private readonly SourcePosition position;
    private readonly Stack<string> references = new();
    private int fields;

    private JsonSchemaShapes(JsonElement root, ShapeRules rules, SourcePosition position)
    {
        this.root = root;
        this.rules = rules;
        this.position = position;
    }

    /// <summary>The shape of a stream's records.</summary>
    /// <param name="schema">A JSON Schema of an object.</param>
    /// <param name="rules">What the pipeline chose.</param>
    /// <param name="position">For errors; its stream is not null.</param>
    /// <exception cref="UserError">No properties, or a schema that cannot be understood.</exception>
    public static StructShape Read(JsonElement schema, ShapeRules rules, SourcePosition position)
    {
        var reader = new JsonSchemaShapes(schema, rules, position);
        if (reader.Resolve(schema) is not { ValueKind: JsonValueKind.Object } resolved || !HasProperties(resolved))
        {
            throw position.Error(
                $"the schema of `{position.Stream}` has no properties in {position}",
                "a table needs columns: have the tap discover them, or give it a catalog that lists them");
        }

        return reader.OfObject(resolved, position.Stream!, rules.Reserved, 0);
    }

    private Shape? Of(JsonElement schema, string path, int level)
    {
        if (schema.ValueKind is JsonValueKind.True || level > MostLevels)
            return new JsonShape();

        if (schema.ValueKind != JsonValueKind.Object)
            throw position.Error($"the schema of `{path}` is not an object in {position}");

        if (schema.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String)
            return OfReference(reference.GetString()!, path, level);

        if (!JsonTypesOf.TryRead(schema, out var types, out var unknown))
            throw position.Error($"`{path}` has the type {unknown} in {position}, which JSON Schema does not know");

        return types == JsonTypes.None ? OfAlternatives(schema, path, level) : OfTypes(schema, types & ~JsonTypes.Null, path, level);
    }

    private Shape? OfTypes(JsonElement schema, JsonTypes types, string path, int level)
    {
        switch (types)
        {
            case JsonTypes.None:
                return null;
            case JsonTypes.Boolean:
                return new BooleanShape();
            case JsonTypes.Integer:
                return NumberBounds.OfInteger(schema);
            case JsonTypes.Number or (JsonTypes.Number | JsonTypes.Integer):
                return NumberBounds.OfNumber(schema);
            case JsonTypes.String:
                return OfString(schema);
            case JsonTypes.Object or JsonTypes.Array when rules.NestedAsJson:
                return new JsonShape();
            case JsonTypes.Object:
                return HasProperties(schema) ? OfObject(schema, path, NothingReserved, level) : new JsonShape();
            case JsonTypes.Array:
                return schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Object
                    ? new ListShape(Of(items, path + "[]", level + 1) ?? new AnyTextShape())
                    : new JsonShape();
            default:
                return (types & (JsonTypes.Object | JsonTypes.Array)) == 0 ? new AnyTextShape() : new JsonShape();
        }
    }

    private Shape OfString(JsonElement schema)
    {
        var format = schema.TryGetProperty("format", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return format switch
        {
            "date-time" => new InstantShape(rules.FarDates),
            "date" => new DateShape(rules.FarDates),
            "x-singer.decimal" or "singer.decimal" => NumberBounds.OfSingerDecimal(schema),
            _ => new TextShape(),
        };
    }

    private StructShape OfObject(JsonElement schema, string path, IReadOnlySet<string> reserved, int level)
    {
        var properties = new Dictionary<string, Shape>();
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            if (++fields > MostFields)
                throw position.Error($"the schema of `{position.Stream}` has more than {MostFields} fields in {position}");

            properties[property.Name] = Of(property.Value, $"{path}.{property.Name}", level + 1) ?? new AnyTextShape();
        }

        return StructShape.Of(properties.Select(p => (p.Key, p.Value)), Others(schema, path, level), reserved);
    }

    private Shape? Others(JsonElement schema, string path, int level)
    {
        if (!schema.TryGetProperty("additionalProperties", out var others) || others.ValueKind == JsonValueKind.True)
            return new AnyTextShape();

        return others.ValueKind == JsonValueKind.Object ? Of(others, path + ".*", level + 1) ?? new AnyTextShape() : null;
    }

    private Shape? OfAlternatives(JsonElement schema, string path, int level)
    {
        foreach (var keyword in (string[])["anyOf", "oneOf", "allOf"])
        {
            if (schema.TryGetProperty(keyword, out var alternatives) && alternatives.ValueKind == JsonValueKind.Array)
            {
                var shapes = alternatives.EnumerateArray().Select(a => Of(a, path, level + 1)).OfType<Shape>().Distinct().ToList();
                return shapes.Count == 0 ? null : ShapeUnion.Of(shapes);
            }
        }

        return new JsonShape();
    }

    private Shape? OfReference(string reference, string path, int level)
    {
        if (references.Contains(reference))
            return new JsonShape();

        var target = Target(reference) ?? throw position.Error($"`{path}` refers to {reference}, which is not in the schema, in {position}");
        references.Push(reference);
        var shape = Of(target, path, level + 1);
        references.Pop();
        return shape;
    }

    private JsonElement? Resolve(JsonElement schema)
    {
        for (var hops = 0; hops < MostLevels && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference); hops++)
        {
            if (reference.ValueKind != JsonValueKind.String || Target(reference.GetString()!) is not { } target)
                return null;

            schema = target;
        }

        return schema;
    }

    /// <summary>A JSON pointer into this document (RFC 6901), the only kind of reference that taps send.</summary>
    private JsonElement? Target(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return reference == "#" ? root : null;

        var at = root;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }

        return at;
    }

    private static bool HasProperties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.EnumerateObject().Any();
}
