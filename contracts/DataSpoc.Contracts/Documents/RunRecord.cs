using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Documents;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Everything of it is visible.</summary>
    Committed,

    /// <summary>Its files are staged and its intents recorded; whoever comes after <see cref="RunRecord.ExpiresAt"/> finishes it.</summary>
    Committing,

    /// <summary>Every table has taken its change: the bookmark and the manifest follow. It is never aborted from here on.</summary>
    Accepted,

    /// <summary>A table refused its change: what the others took is taken back. It is never committed from here on.</summary>
    Aborting,

    /// <summary>Nothing of it is visible; <see cref="RunRecord.Error"/> says why.</summary>
    Aborted,
}

/// <summary>The commit record of a pipeline, <c>run.json</c> (CONTRACT section 5; schema <c>run-record.json</c>).</summary>
/// <param name="RunId">The run.</param>
/// <param name="Sequence">Grows by one with each commit of the pipeline.</param>
/// <param name="Status">Where it stands.</param>
public sealed record RunRecord(string RunId, long Sequence, RunStatus Status)
{
    private static readonly string[] Statuses = ["committed", "committing", "accepted", "aborting", "aborted"];
    private static readonly string[] Known = ["run_id", "sequence", "status", "expires_at", "tables", "state", "error"];

    /// <summary>From when on another process may finish a committing run; null in a committed one.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The commit intents; kept in a committed record until the next run.</summary>
    public IReadOnlyList<TableChange> Tables { get; init; } = [];

    /// <summary>The bookmark that becomes <c>state.json</c>: JSON, byte for byte as it was given; null where the run has none.</summary>
    /// <remarks>No bytes are no bookmark: a null <c>byte[]</c> turns into them on its way here.</remarks>
    public ReadOnlyMemory<byte>? State { get; init => field = value is { IsEmpty: true } ? null : value; }

    /// <summary>Why the run was aborted, one sentence; null where it was not.</summary>
    public string? Error { get; init; }

    /// <summary>Members not known here, kept when the record is rewritten.</summary>
    public JsonObject? Others { get; init; }

    /// <summary>Reads <c>run.json</c>.</summary>
    /// <param name="content">The document.</param>
    /// <param name="key">Its key, for messages.</param>
    /// <exception cref="UserError">It is corrupt.</exception>
    public static RunRecord Parse(ReadOnlyMemory<byte> content, string key) => CorruptDocument.Read(content, key, "commit record",
        "restore it from the bucket's versions or a backup: it says which run comes next", root => Read(new(root, "")));

    /// <summary>The content of <c>run.json</c>.</summary>
    /// <exception cref="JsonException"><see cref="State"/> is not JSON.</exception>
    public byte[] Serialize() => JsonNodes.Document(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("run_id", RunId);
        writer.WriteNumber("sequence", Sequence);
        writer.WriteString("status", Statuses[(int)Status]);
        if (Error is { } error)
            writer.WriteString("error", error);
        if (ExpiresAt is { } expires)
            writer.WriteString("expires_at", JsonTime.Format(expires));
        writer.WriteStartArray("tables");
        foreach (var table in Tables)
            table.ToJson().WriteTo(writer);
        writer.WriteEndArray();
        if (State is { } state)
        {
            writer.WritePropertyName("state");
            writer.WriteRawValue(Trimmed(state.Span));
        }
        foreach (var (name, value) in Others ?? [])
        {
            writer.WritePropertyName(name);
            if (value is null)
                writer.WriteNullValue();
            else
                value.WriteTo(writer);
        }
        writer.WriteEndObject();
    });

    private static RunRecord Read(JsonMembers run) => new(run.Text("run_id"), run.Long("sequence"),
        Array.IndexOf(Statuses, run.Text("status")) is var status and >= 0 ? (RunStatus)status : throw run.Wrong("status", string.Join(", ", Statuses)))
    {
        Error = run.TextOrNull("error"),
        ExpiresAt = run.TimeOrNull("expires_at"),
        Tables = [.. run.Objects("tables").Select(TableChangeJson.Read)],
        State = run.Find("state") is { } state ? JsonMarshal.GetRawUtf8Value(state).ToArray() : (ReadOnlyMemory<byte>?)null,
        Others = run.Others(Known),
    };

    // white space around a value is no part of it, and a reader could not give it back
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> state) => state.Trim(" \t\r\n"u8);
}
