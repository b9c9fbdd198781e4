using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>A Singer catalog: what a tap has, and what of it is selected (Singer's discovery mode).</summary>
internal static class Catalog
{
    /// <summary>Whether a text is a catalog.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonObject catalog)
    {
        try
        {
            catalog = (JsonNode.Parse(text) as JsonObject)!;
        }
        catch (JsonException)
        {
            catalog = null!;
        }

        return catalog?["streams"] is JsonArray;
    }

    /// <summary>The names under which the records of all streams come, selected or not.</summary>
    public static IReadOnlyList<string> Names(JsonObject catalog) => [.. catalog["streams"]!.AsArray().OfType<JsonObject>().Select(stream => Text(stream["stream"]) ?? Text(stream["tap_stream_id"])).OfType<string>()];

    /// <summary>Selects the streams of these names, or ids, and deselects all others.</summary>
    /// <returns>The names under which their records will come, those asked for included.</returns>
    /// <exception cref="UserError">There is no such stream.</exception>
    public static IReadOnlySet<string> Select(JsonObject catalog, IReadOnlySet<string> wanted, string tap)
    {
        var names = new HashSet<string>(wanted, StringComparer.Ordinal);
        var streams = catalog["streams"]!.AsArray().OfType<JsonObject>().Select(s => (Stream: s, Name: Text(s["stream"]), Id: Text(s["tap_stream_id"]))).ToList();
        foreach (var missing in wanted.Where(w => streams.All(s => s.Name != w && s.Id != w)))
        {
            throw new UserError($"`{tap}` has no stream `{missing}`")
            {
                Where = [("streams", string.Join(", ", streams.Select(s => s.Name ?? s.Id).Order(StringComparer.Ordinal)))],
                Hint = "correct `source.streams`",
                ExitCode = ExitCode.Usage,
            };
        }

        foreach (var (stream, name, id) in streams)
        {
            var selected = (name is not null && wanted.Contains(name)) || (id is not null && wanted.Contains(id));
            Mark(stream, selected);
            if (selected && (name ?? id) is { } comesAs)
                names.Add(comesAs);
        }

        return names;
    }

    /// <summary>Both spellings: the metadata of the empty breadcrumb, and the member that older taps read.</summary>
    private static void Mark(JsonObject stream, bool selected)
    {
        if (stream["metadata"] is not JsonArray metadata)
            stream["metadata"] = metadata = [];

        var own = metadata.OfType<JsonObject>().FirstOrDefault(m => m["breadcrumb"] is JsonArray { Count: 0 });
        if (own is null)
            metadata.Add(own = new JsonObject { ["breadcrumb"] = new JsonArray() });
        if (own["metadata"] is not JsonObject values)
            own["metadata"] = values = [];

        values["selected"] = selected;
        stream["selected"] = selected;
        if (stream["schema"] is JsonObject schema && (selected || schema.ContainsKey("selected")))
            schema["selected"] = selected;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
