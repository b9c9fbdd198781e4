using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>
/// Where each stream stopped: <c>{"http": "https://api…", "bookmarks": {"orders": {"field": "updated_at", "value": …, "seen": [hashes], "schema": {…}}}}</c>. The shape is that of
/// Singer's bookmarks, so that one stream that fails does not hold back the others'.
/// </summary>
internal sealed class HttpBookmark
{
    private readonly JsonObject root;
    private readonly JsonObject bookmarks;

    private HttpBookmark(JsonObject root, JsonObject bookmarks) => (this.root, this.bookmarks) = (root, bookmarks);

    /// <param name="state">As it was sent to the sink, or empty.</param>
    /// <param name="address">The API: a bookmark of another one is refused.</param>
    /// <exception cref="UserError">It belongs to another source (<see cref="ExitCode.Usage"/>).</exception>
    public static HttpBookmark Parse(ReadOnlyMemory<byte> state, string address)
    {
        var root = state.IsEmpty ? new() { ["http"] = address } : Read(state);
        if (root["http"] is not JsonValue known || known.GetValueKind() != JsonValueKind.String || known.GetValue<string>() != address)
            throw new UserError($"the pipeline's bookmark is not of `{address}`") { Hint = "give this API a pipeline of its own, or start anew with `--full`", ExitCode = ExitCode.Usage };
        if (root["bookmarks"] is not JsonObject bookmarks)
            root["bookmarks"] = bookmarks = [];
        return new(root, bookmarks);
    }

    /// <summary>What is known of a stream, or null; one that was read by another field starts anew.</summary>
    public JsonObject? Of(string stream, string field) => bookmarks[stream] is JsonObject entry && (string?)entry["field"] == field ? entry : null;

    public void Set(string stream, JsonObject entry) => bookmarks[stream] = entry;

    public byte[] Serialize() => Encoding.UTF8.GetBytes(root.ToJsonString());

    private static JsonObject Read(ReadOnlyMemory<byte> state)
    {
        try
        {
            return JsonNode.Parse(state.Span) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
