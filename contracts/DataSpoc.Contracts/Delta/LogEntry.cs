using System.Buffers;
using System.Text.Json;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Delta;

/// <summary>A Delta log entry as text: UTF-8, one action as JSON per line.</summary>
public static class LogEntry
{
    /// <summary>Reads a commit, a compaction file or a V2 checkpoint in JSON. Unknown actions and members are skipped, as the protocol asks.</summary>
    /// <param name="content">The file.</param>
    /// <param name="key">Its key, for messages.</param>
    /// <exception cref="UserError">A line is not what it should be; names key and line.</exception>
    public static IReadOnlyList<DeltaAction> Parse(ReadOnlyMemory<byte> content, string key)
    {
        var actions = new List<DeltaAction>();
        var number = 0;
        for (var rest = WithoutMark(content); !rest.IsEmpty;)
        {
            number++;
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
                continue;
            if (ParseLine(line, key, number) is { } action)
                actions.Add(action);
        }
        return actions;
    }

    /// <summary>The lines of a commit or compaction file; paths are URI-encoded as Delta requires.</summary>
    public static byte[] Serialize(IEnumerable<DeltaAction> actions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, JsonNodes.Lines);
        foreach (var action in actions)
        {
            DeltaActionWriter.Write(writer, action);
            writer.Flush();
            writer.Reset();
            buffer.Write("\n"u8);
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> content) =>
        content.Span.StartsWith("\uFEFF"u8) ? content["\uFEFF"u8.Length..] : content;

    private static DeltaAction? ParseLine(ReadOnlyMemory<byte> line, string key, int number)
    {
        try
        {
            using var document = JsonNodes.Parse(line);
            return DeltaActionReader.Read(document.RootElement);
        }
        // a text that is not UTF-8 shows only when it is read
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new UserError($"the Delta log entry `{key}` is corrupt", fault)
            {
                Where = [("file", $"{key}, line {number}"), ("found", fault.Message)],
                Hint = "the log is the table: restore this file from a backup or from the bucket's versions",
            };
        }
    }
}
