using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>Bookmarks of runs in which a stream failed.</summary>
internal static class Bookmarks
{
    /// <summary>
    /// The new bookmark with the entries of failed streams, under Singer's <c>bookmarks</c>, as they were; byte for byte the new one where no stream failed.
    /// Null where the bookmark has another shape, so that it cannot be advanced for some streams only.
    /// </summary>
    public static ReadOnlyMemory<byte>? HoldBack(ReadOnlyMemory<byte>? before, ReadOnlyMemory<byte> now, IEnumerable<string> failed)
    {
        var streams = failed.ToArray();
        if (streams.Length == 0)
            return now;
        if (Parse(now)?["bookmarks"] is not JsonObject bookmarks)
            return null;
        var earlier = before is { } bytes ? Parse(bytes)?["bookmarks"] as JsonObject : null;
        foreach (var stream in streams)
        {
            bookmarks.Remove(stream);
            if (earlier?[stream] is { } entry)
                bookmarks[stream] = entry.DeepClone();
        }
        return Encoding.UTF8.GetBytes(bookmarks.Root.ToJsonString());
    }

    private static JsonNode? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonNode.Parse(json.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
