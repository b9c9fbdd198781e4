using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>The JSON files that a tap is given.</summary>
internal static class TapFile
{
    /// <param name="path">Absolute.</param>
    /// <param name="what">As messages call it: <c>state</c>.</param>
    /// <exception cref="UserError">It is not there, or no JSON object (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task<JsonObject> ReadAsync(string path, string what, CancellationToken cancel)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllBytesAsync(path, cancel), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw Wrong($"the {what} is no JSON object", path, null);
        }
        catch (JsonException broken)
        {
            throw Wrong($"the {what} is no JSON: {broken.Message.Split(". ")[0].TrimEnd('.')}", path, broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"the {what} cannot be read: {unreadable.Message}", path, unreadable);
        }
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static UserError Wrong(string what, string path, Exception? why) => new(what, why) { Where = [("file", path)], ExitCode = ExitCode.Usage };
}
