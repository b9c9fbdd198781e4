using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Documents;

/// <summary>What a run did, <c>logs/&lt;pipeline&gt;/&lt;timestamp&gt;.json</c> (CONTRACT section 4; schema <c>run-log.json</c>): the members of 1.0 and those of 1.1.</summary>
/// <param name="Pipeline">The pipeline, transform or model.</param>
/// <param name="RunId">The run.</param>
/// <param name="Sequence">The sequence of its last commit; null where nothing was committed.</param>
/// <param name="Status"><c>success</c>, <c>failed</c>, <c>partial</c> (some streams failed) or <c>interrupted</c>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Streams">What was done per stream or table.</param>
public sealed record RunLog(
    string Pipeline, string RunId, long? Sequence, string Status, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, IReadOnlyDictionary<string, StreamLog> Streams)
{
    /// <summary>What stopped it, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Further members, as the tool wants them.</summary>
    public JsonObject? Others { get; init; }

    /// <summary>Reads a log of any 1.x.</summary>
    /// <param name="content">The document.</param>
    /// <param name="key">Its key, for messages.</param>
    /// <exception cref="UserError">It is corrupt.</exception>
    public static RunLog Parse(ReadOnlyMemory<byte> content, string key) =>
        CorruptDocument.Read(content, key, "run log", "logs are for people: nothing depends on it, and it can be deleted", root => Read(new(root, "")));

    /// <summary>The content of the file.</summary>
    public byte[] Serialize()
    {
        var json = new JsonObject
        {
            ["pipeline"] = Pipeline,
            ["run_id"] = RunId,
            ["sequence"] = Sequence,
            ["status"] = Status,
            ["started_at"] = JsonTime.Format(StartedAt),
            ["finished_at"] = JsonTime.Format(FinishedAt),
            ["duration_seconds"] = Math.Round((FinishedAt - StartedAt).TotalSeconds, 3),
            ["streams"] = new JsonObject(Streams.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToJson()))),
            ["total_records"] = Streams.Values.Sum(stream => stream.Records),
            ["error"] = Error,
        };
        foreach (var (name, value) in Others ?? [])
            json[name] = value?.DeepClone();
        return JsonNodes.Document(json);
    }

    private static RunLog Read(JsonMembers log) => new(
        log.Text("pipeline"), log.TextOrNull("run_id") ?? "", log.LongOrNull("sequence"), log.Text("status"),
        log.TimeOrNull("started_at") ?? throw log.Missing("started_at"), log.TimeOrNull("finished_at") ?? throw log.Missing("finished_at"), StreamLog.ReadAll(log))
    {
        Error = log.TextOrNull("error"),
        Others = log.Others(["pipeline", "run_id", "sequence", "status", "started_at", "finished_at", "duration_seconds", "streams", "total_records", "error"]),
    };
}
