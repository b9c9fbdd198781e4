using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Documents;

/// <summary>A column in the catalog.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its Arrow type name: <c>int64</c>, <c>timestamp[us, tz=UTC]</c> (<see cref="Delta.ArrowNames"/>); empty where 1.0 gave none.</param>
/// <param name="Nullable">Whether it may be null.</param>
public sealed record ManifestColumn(string Name, string Type, bool Nullable)
{
    /// <summary>The columns as they stand in an entry; members of the columns that were there and that are not known here are kept.</summary>
    internal static JsonArray ToJson(IReadOnlyList<ManifestColumn> columns, JsonArray? previous)
    {
        var known = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var column in previous ?? [])
            if (column is JsonObject json && json["name"] is JsonValue name && name.TryGetValue<string>(out var text))
                known.TryAdd(text, json);
        return new JsonArray([.. columns.Select(column => (JsonNode)column.ToJson(known.GetValueOrDefault(column.Name)))]);
    }

    private JsonObject ToJson(JsonObject? previous)
    {
        var json = previous is null ? [] : (JsonObject)previous.DeepClone();
        json["name"] = Name;
        json["type"] = Type;
        json["nullable"] = Nullable;
        return json;
    }
}
