using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Documents;

/// <summary>What the catalog counts.</summary>
public sealed record ManifestStatistics
{
    /// <summary>Rows in the snapshot, or null where unknown.</summary>
    public long? TotalRows { get; init; }

    /// <summary>Writes the table has had.</summary>
    public long? Extractions { get; init; }

    /// <summary>When the last write was.</summary>
    public DateTimeOffset? LastExtraction { get; init; }

    /// <summary>Rows the last write brought.</summary>
    public long? LastExtractionRows { get; init; }

    /// <summary>Data files in the snapshot.</summary>
    public long? Files { get; init; }

    /// <summary>Bytes of these files.</summary>
    public long? Bytes { get; init; }

    internal static ManifestStatistics Read(JsonMembers stats) => new()
    {
        TotalRows = stats.LongOrNull("total_rows"),
        Extractions = stats.LongOrNull("extractions"),
        LastExtraction = stats.TextOrNull("last_extraction") is "" ? null : stats.TimeOrNull("last_extraction"),
        LastExtractionRows = stats.LongOrNull("last_extraction_rows"),
        Files = stats.LongOrNull("files"),
        Bytes = stats.LongOrNull("bytes"),
    };

    internal JsonObject ToJson(JsonObject? previous)
    {
        var json = previous is null ? [] : (JsonObject)previous.DeepClone();
        Set(json, "total_rows", TotalRows);
        Set(json, "extractions", Extractions);
        if (LastExtraction is { } time)
            json["last_extraction"] = JsonTime.Format(time);
        else
            json.Remove("last_extraction");
        Set(json, "last_extraction_rows", LastExtractionRows);
        Set(json, "files", Files);
        Set(json, "bytes", Bytes);
        return json;
    }

    private static void Set(JsonObject json, string name, long? value)
    {
        if (value is { } number)
            json[name] = number;
        else
            json.Remove(name);
    }
}
