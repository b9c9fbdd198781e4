using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Documents;

/// <summary>What a run did with one stream.</summary>
/// <param name="Records">Records committed.</param>
public sealed record StreamLog(long Records)
{
    /// <summary>Records that went into quarantine.</summary>
    public long Rejected { get; init; }

    /// <summary>Data files written.</summary>
    public long Files { get; init; }

    /// <summary>Bytes of these files.</summary>
    public long Bytes { get; init; }

    /// <summary>How the columns changed, in words, in order.</summary>
    public IReadOnlyList<string> SchemaChanges { get; init; } = [];

    /// <summary>The result of its checks, as the tool wrote it, or null.</summary>
    public JsonNode? Checks { get; init; }

    /// <summary>What stopped this stream alone, or null.</summary>
    public string? Error { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["records"] = Records,
            ["rejected"] = Rejected,
            ["files"] = Files,
            ["bytes"] = Bytes,
            ["schema_changes"] = JsonNodes.Array(SchemaChanges),
        };
        if (Checks is { } checks)
            json["checks"] = checks.DeepClone();
        if (Error is { } error)
            json["error"] = error;
        return json;
    }

    internal static Dictionary<string, StreamLog> ReadAll(JsonMembers log)
    {
        var streams = new Dictionary<string, StreamLog>(StringComparer.Ordinal);
        if (log.ObjectOrNull("streams") is { } given)
            foreach (var member in given.Element.EnumerateObject())
                // 1.0 wrote the count alone as well
                streams[member.Name] = member.Value.ValueKind == JsonValueKind.Number ? new(given.Long(member.Name)) : Read(given.Object(member.Name));
        return streams;
    }

    private static StreamLog Read(JsonMembers stream) => new(stream.LongOrNull("records") ?? 0)
    {
        Rejected = stream.LongOrNull("rejected") ?? 0,
        Files = stream.LongOrNull("files") ?? 0,
        Bytes = stream.LongOrNull("bytes") ?? 0,
        SchemaChanges = stream.TextsOrNull("schema_changes") ?? [],
        Checks = stream.Find("checks") is { } checks ? JsonNodes.From(checks) : null,
        Error = stream.TextOrNull("error"),
    };
}
