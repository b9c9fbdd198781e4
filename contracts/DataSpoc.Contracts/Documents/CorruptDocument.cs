using System.Text.Json;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Documents;

/// <summary>What a person is told about a document that is not what it should be.</summary>
internal static class CorruptDocument
{
    /// <summary>Reads a document; whatever is wrong with it becomes an error that names its key.</summary>
    /// <param name="content">The document.</param>
    /// <param name="key">Its key.</param>
    /// <param name="what">What it is: <c>manifest</c>, <c>commit record</c>.</param>
    /// <param name="hint">What can be done.</param>
    /// <param name="read">Reads the root; throws <see cref="JsonException"/> where it does not fit.</param>
    public static T Read<T>(ReadOnlyMemory<byte> content, string key, string what, string hint, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonNodes.Parse(content.Span.StartsWith("\uFEFF"u8) ? content["\uFEFF"u8.Length..] : content);
            return read(document.RootElement);
        }
        // a text that is not UTF-8 shows only when it is read
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new UserError($"the {what} `{key}` is corrupt", fault) { Where = [("file", key), ("found", fault.Message)], Hint = hint };
        }
    }
}
