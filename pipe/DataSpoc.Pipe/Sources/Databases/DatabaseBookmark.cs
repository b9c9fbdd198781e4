using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>
/// Where each table's reading stopped: <c>{"database": "shop", "bookmarks": {"orders": {"cursor": "updated_at", "value": "…"}}}</c>, the shape that Singer's bookmarks
/// have, so that one table that fails does not hold back the others'.
/// </summary>
internal sealed class DatabaseBookmark
{
    private readonly JsonObject _root;
    private readonly JsonObject _bookmarks;

    private DatabaseBookmark(JsonObject root, JsonObject bookmarks) => (_root, _bookmarks) = (root, bookmarks);

    /// <summary>Reads a bookmark; an empty one knows no table.</summary>
    /// <param name="state">As it was sent to the sink, or empty.</param>
    /// <param name="database">The database's name: a bookmark of another one is refused.</param>
    /// <exception cref="UserError">It belongs to another database, or is no bookmark (<see cref="ExitCode.Usage"/>).</exception>
    public static DatabaseBookmark Parse(ReadOnlyMemory<byte> state, string database)
    {
        var root = state.IsEmpty ? new() { ["database"] = database } : Read(state);
        if (root["database"] is not JsonValue name || name.GetValueKind() != JsonValueKind.String)
            throw new UserError("the pipeline's bookmark was not made by a database") { Hint = "give this source a pipeline, or `--source`, of its own; `--full` starts anew", ExitCode = ExitCode.Usage };
        if (name.GetValue<string>() != database)
            throw new UserError($"the pipeline's bookmark is of database `{name}`, this is `{database}`") { Hint = "give this database a pipeline, or `--source`, of its own; `--full` starts anew", ExitCode = ExitCode.Usage };
        if (root["bookmarks"] is not JsonObject bookmarks)
            root["bookmarks"] = bookmarks = [];
        return new(root, bookmarks);
    }

    /// <summary>Where a stream stopped, or null. <paramref name="cursor"/> must be what it was.</summary>
    /// <exception cref="UserError">It was read by another cursor so far (<see cref="ExitCode.Usage"/>).</exception>
    public StreamBookmark? Of(string stream, string cursor)
    {
        if (_bookmarks[stream] is not JsonObject entry)
            return null;
        var bookmark = entry.Deserialize(BookmarkJson.Default.StreamBookmark)!;
        return bookmark.Cursor == cursor ? bookmark : throw new UserError($"`{stream}` was read by `{bookmark.Cursor}` so far, now its cursor is `{cursor}`")
        {
            Where = [("stream", stream)],
            Hint = $"start it anew: --full --streams {stream}",
            ExitCode = ExitCode.Usage,
        };
    }

    /// <summary>Notes where a stream stopped; null forgets it.</summary>
    public void Set(string stream, StreamBookmark? bookmark)
    {
        _bookmarks.Remove(stream);
        if (bookmark is not null)
            _bookmarks[stream] = JsonSerializer.SerializeToNode(bookmark, BookmarkJson.Default.StreamBookmark);
    }

    public byte[] Serialize() => Encoding.UTF8.GetBytes(_root.ToJsonString());

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
