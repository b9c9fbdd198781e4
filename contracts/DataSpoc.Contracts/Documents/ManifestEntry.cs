using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Json;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Documents;

/// <summary>A table in the catalog.</summary>
/// <param name="Location">The table.</param>
public sealed record ManifestEntry(TableLocation Location)
{
    // as it was read: gives every member that is not known here when it is written again
    private JsonObject? original;

    /// <summary>Its columns, the partition column included.</summary>
    public IReadOnlyList<ManifestColumn> Columns { get; init; } = [];

    /// <summary>The version of its Delta log, or null for a folder of DataSpoc 1.0 that has none.</summary>
    public long? Snapshot { get; init; }

    /// <summary><c>delta</c>, or null for a folder of DataSpoc 1.0.</summary>
    public string? Format { get; init; }

    /// <summary>Partition columns.</summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>The columns that identify a row.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>The table's name at its source where folding changed it.</summary>
    public string? SourceName { get; init; }

    /// <summary>Rows, files, bytes, extractions.</summary>
    public ManifestStatistics Statistics { get; init; } = new();

    /// <summary>What it was made from: <c>location@snapshot</c>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The last data-quality result, as the tool wrote it.</summary>
    public JsonNode? Checks { get; init; }

    /// <summary>The entry of a table, from its snapshot alone: a rebuild gives the same.</summary>
    /// <param name="location">The table.</param>
    /// <param name="snapshot">Its newest snapshot.</param>
    /// <param name="previous">The entry that was there: gives what the log does not tell where others wrote it, and members not known here.</param>
    public static ManifestEntry From(TableLocation location, TableSnapshot snapshot, ManifestEntry? previous = null)
    {
        var configuration = snapshot.Metadata.Configuration;
        var write = snapshot.LastWrite;
        return new(location)
        {
            original = previous?.original,
            Columns = [.. snapshot.Metadata.Schema.Fields.Select(field => new ManifestColumn(field.Name, field.Type.ArrowName, field.Nullable))],
            Snapshot = snapshot.Version,
            Format = "delta",
            PartitionBy = snapshot.Metadata.PartitionColumns,
            PrimaryKey = TableDefinition.PrimaryKey(snapshot.Metadata),
            SourceName = configuration.GetValueOrDefault(TableDefinition.SourceNameProperty),
            Statistics = new()
            {
                TotalRows = snapshot.Rows,
                Files = snapshot.Files.Count,
                Bytes = snapshot.Bytes,
                Extractions = write?.Write?.Extractions ?? previous?.Statistics.Extractions,
                LastExtraction = write is null ? previous?.Statistics.LastExtraction : write.Write?.At ?? write.Timestamp,
                LastExtractionRows = write is null ? previous?.Statistics.LastExtractionRows : write.Write?.Rows,
            },
            Inputs = write?.Write?.Inputs ?? previous?.Inputs ?? [],
            Checks = write is null ? previous?.Checks : write.Write?.Checks,
        };
    }

    /// <summary>Whether both stand in a manifest as the same JSON.</summary>
    public bool Equals(ManifestEntry? other) => other is not null && JsonNode.DeepEquals(ToJson(), other.ToJson());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Location, Snapshot);

    internal ManifestEntry Over(ManifestEntry? previous) => original is null && previous?.original is { } kept ? this with { original = kept } : this;

    internal static string KeyOf(JsonMembers entry) =>
        entry.TextOrNull("location") is { } folder && TableLocation.FromFolder(folder) is { } location ? location.ManifestKey
            : entry.TextOrNull("layer") is null or "raw" ? $"{entry.Text("source")}/{entry.Text("table")}"
            : $"{entry.Text("layer")}/{entry.Text("source")}/{entry.Text("table")}";

    /// <param name="key">Its key.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="json">The same as a tree of its own.</param>
    /// <returns>The entry, or null where its key names no table of this contract.</returns>
    /// <exception cref="JsonException">A member is not what it should be.</exception>
    internal static ManifestEntry? Read(string key, JsonMembers entry, JsonObject? json)
    {
        if (TableLocation.FromManifestKey(key) is not { } location)
            return null;
        return new(location)
        {
            original = json,
            Columns = [.. entry.Objects("columns").Select(column =>
                new ManifestColumn(column.Text("name"), column.TextOrNull("type") ?? "", column.BoolOrNull("nullable") ?? true))],
            Snapshot = entry.LongOrNull("snapshot"),
            Format = entry.TextOrNull("format"),
            PartitionBy = entry.TextsOrNull("partition_by") ?? [],
            PrimaryKey = entry.TextsOrNull("primary_key") ?? [],
            SourceName = entry.TextOrNull("source_name"),
            Statistics = entry.ObjectOrNull("stats") is { } stats ? ManifestStatistics.Read(stats) : new(),
            Inputs = entry.TextsOrNull("inputs") ?? [],
            Checks = entry.Find("checks") is { } checks ? JsonNodes.From(checks) : null,
        };
    }

    internal JsonObject ToJson()
    {
        var json = original is null ? [] : (JsonObject)original.DeepClone();
        json["source"] = Location.Source ?? Location.Layer.Name;
        json["table"] = Location.Table;
        json["layer"] = Location.Layer.Name;
        json["location"] = Location.Folder;
        Set(json, "format", Format is null ? null : JsonValue.Create(Format));
        Set(json, "snapshot", Snapshot is { } snapshot ? JsonValue.Create(snapshot) : null);
        Set(json, "partition_by", Texts(PartitionBy));
        Set(json, "primary_key", Texts(PrimaryKey));
        Set(json, "source_name", SourceName is null ? null : JsonValue.Create(SourceName));
        json["columns"] = ManifestColumn.ToJson(Columns, json["columns"] as JsonArray);
        json["stats"] = Statistics.ToJson(json["stats"] as JsonObject);
        Set(json, "inputs", Inputs.Count == 0 ? null : JsonNodes.Array(Inputs));
        Set(json, "checks", Checks?.DeepClone());
        return json;
    }

    // a folder of 1.0 keeps its entry's form, a Delta table always says how it is partitioned and keyed
    private JsonArray? Texts(IReadOnlyList<string> texts) => texts.Count == 0 && Snapshot is null ? null : JsonNodes.Array(texts);

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is null)
            json.Remove(name);
        else
            json[name] = value;
    }
}
