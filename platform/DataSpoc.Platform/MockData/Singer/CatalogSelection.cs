using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>Which streams, and which of their columns, a catalog selects (Singer's discovery mode: "Metadata"). Without a catalog: all.</summary>
internal sealed class CatalogSelection
{
    private readonly Dictionary<string, HashSet<string>>? _leftOut;

    private CatalogSelection(Dictionary<string, HashSet<string>>? leftOut) => _leftOut = leftOut;

    public static CatalogSelection All { get; } = new(null);

    /// <exception cref="UserError">It is no catalog of this tap (<see cref="ExitCode.Usage"/>).</exception>
    public static CatalogSelection Of(JsonObject catalog, string path)
    {
        if (catalog["streams"] is not JsonArray streams || streams.Any(static s => s is not JsonObject))
            throw Wrong("the catalog has no `streams`", path, "print one: platform mock tap --discover > catalog.json");
        var leftOut = new Dictionary<string, HashSet<string>>();
        foreach (var stream in streams.OfType<JsonObject>())
        {
            var name = TapFile.Text(stream["tap_stream_id"]) ?? TapFile.Text(stream["stream"]) ?? "";
            if (MockTables.All.FirstOrDefault(t => t.Name == name) is not { } table)
                throw Wrong($"the catalog has a stream `{name}`, which is none of this tap", path, NearestName.Of(name, MockTables.All.Select(static t => t.Name)) is { } near ? $"is it `{near}`?" : $"it has {string.Join(", ", MockTables.All.Select(static t => t.Name))}");
            if (IsSelected(stream))
                leftOut[name] = [.. ColumnsLeftOut(stream).Except(table.Key)];
        }
        return new(leftOut);
    }

    public bool Has(string stream) => _leftOut is null || _leftOut.ContainsKey(stream);

    public bool Has(string stream, string column) => _leftOut is null || !_leftOut[stream].Contains(column);

    /// <summary>A stream is selected where its own metadata says so, or, where nothing does, by default.</summary>
    private static bool IsSelected(JsonObject stream)
    {
        var own = Entries(stream).FirstOrDefault(static m => m["breadcrumb"] is JsonArray { Count: 0 })?["metadata"] as JsonObject;
        return Flag(own?["selected"]) ?? Flag(stream["selected"]) ?? Flag(stream["schema"]?["selected"]) ?? Flag(own?["selected-by-default"]) ?? false;
    }

    private static IEnumerable<string> ColumnsLeftOut(JsonObject stream) =>
        from entry in Entries(stream)
        where entry["breadcrumb"] is JsonArray { Count: 2 } way && TapFile.Text(way[0]) == "properties"
        where (Flag(entry["metadata"]?["selected"]) ?? Flag(entry["metadata"]?["selected-by-default"])) == false
        select TapFile.Text(entry["breadcrumb"]![1]) ?? "";

    private static IEnumerable<JsonObject> Entries(JsonObject stream) => (stream["metadata"] as JsonArray ?? []).OfType<JsonObject>();

    private static bool? Flag(JsonNode? node) => node?.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    private static UserError Wrong(string what, string path, string hint) => new(what) { Where = [("file", path)], Hint = hint, ExitCode = ExitCode.Usage };
}
