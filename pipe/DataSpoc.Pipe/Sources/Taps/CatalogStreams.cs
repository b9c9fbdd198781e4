using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Singer;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>What a catalog says of each stream (Singer's discovery mode: "Metadata").</summary>
internal static class CatalogStreams
{
    /// <param name="catalog">As the tap printed it.</param>
    /// <param name="rules">How a schema becomes columns.</param>
    /// <param name="tap">The tap, as errors call it.</param>
    public static IEnumerable<DiscoveredStream> Of(JsonObject catalog, ShapeRules rules, string tap) =>
        catalog["streams"]!.AsArray().OfType<JsonObject>().Select((stream, i) => Of(stream, rules, new SourcePosition(tap, i + 1, Text(stream["stream"]) ?? Text(stream["tap_stream_id"]) ?? "?")));

    private static DiscoveredStream Of(JsonObject stream, ShapeRules rules, SourcePosition position)
    {
        var own = MetadataOf(stream);
        var kind = own["is-view"]?.GetValueKind() == JsonValueKind.True || stream["is_view"]?.GetValueKind() == JsonValueKind.True ? "view" : "stream";
        var method = Text(own["forced-replication-method"]) ?? Text(own["replication-method"]) ?? Text(stream["replication_method"]);
        var key = Text(own["replication-key"]) ?? Text(stream["replication_key"]);
        var described = new DiscoveredStream(new(position.Stream!, [], []), kind)
        {
            Cursor = method is "FULL_TABLE" ? null : key,
            CursorCandidates = Names(own["valid-replication-keys"]),
            EstimatedRows = own["row-count"] is JsonValue count && count.TryGetValue(out long rows) ? rows : null,
        };
        try
        {
            return described with { Schema = SchemaOf(stream, own, rules, position) };
        }
        catch (UserError error)
        {
            return described with { Unreadable = error };
        }
    }

    private static StreamSchema SchemaOf(JsonObject stream, JsonObject own, ShapeRules rules, SourcePosition position)
    {
        var keys = Names(own["table-key-properties"]) is { Count: > 0 } named ? named : Names(stream["key_properties"]);
        var schema = stream["schema"]?.DeepClone() ?? new JsonObject();
        foreach (var left in LeftOut(stream))
            (schema["properties"] as JsonObject)?.Remove(left);
        using var document = JsonDocument.Parse(schema.ToJsonString(), new JsonDocumentOptions { MaxDepth = MessageReader.MaxDepth });
        var shape = JsonSchemaShapes.Read(document.RootElement, rules, position);
        var known = keys.Where(key => shape.Fields.Any(field => field.SourceName == key)).ToArray();
        return new SingerSchema(shape, known).Columns(position.Stream!, shape, versions: false);
    }

    /// <summary>Fields that the tap cannot read, or that are deselected.</summary>
    private static IEnumerable<string> LeftOut(JsonObject stream) =>
        from entry in (stream["metadata"] as JsonArray ?? []).OfType<JsonObject>()
        where entry["breadcrumb"] is JsonArray { Count: 2 } way && Text(way[0]) == "properties"
        let values = entry["metadata"] as JsonObject
        where Text(values?["inclusion"]) == "unsupported" || (values?["selected"]?.GetValueKind() == JsonValueKind.False && Text(values["inclusion"]) != "automatic")
        select Text(entry["breadcrumb"]![1]) ?? "";

    private static JsonObject MetadataOf(JsonObject stream) =>
        (stream["metadata"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(m => m["breadcrumb"] is JsonArray { Count: 0 })?["metadata"] as JsonObject ?? [];

    private static IReadOnlyList<string> Names(JsonNode? list) => [.. (list as JsonArray ?? []).Select(Text).OfType<string>()];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
