using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>What a tap of Meltano's SDK tells of its settings (<c>--about --format=json</c>).</summary>
internal static class TapAbout
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] Secret = ["password", "token", "secret", "key"];

    /// <summary>The settings that it requires or has a default for, secrets as variables of the environment; null where the tap does not tell.</summary>
    public static async Task<JsonObject?> ReadAsync(TapSettings settings, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            await using var tap = TapProcess.Start(settings, ["--about", "--format=json"], Secrets.Of(null));
            using var text = new MemoryStream();
            await tap.Output.CopyToAsync(text, limit.Token);
            await tap.EndAsync(limit.Token);
            return JsonNode.Parse(text.ToArray()) is JsonObject about ? Template(about, settings.Name) : null;
        }
        catch (Exception error) when (error is UserError or JsonException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            settings.Log?.Invoke($"{settings.Name} does not tell its settings: {error.Message}");
            return null;
        }
    }

    private static JsonObject? Template(JsonObject about, string tap)
    {
        if ((about["settings"] as JsonObject)?["properties"] is not JsonObject properties)
            return null;
        var required = (about["settings"]!["required"] as JsonArray)?.Select(name => name?.ToString()).ToHashSet() ?? [];
        var template = new JsonObject();
        foreach (var (name, property) in properties)
            if (required.Contains(name) || (property as JsonObject)?["default"] is not null)
                template[name] = Secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)) || (property as JsonObject)?["default"] is not { } usual
                    ? $"${{{string.Concat($"{tap}_{name}".Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'))}}}"
                    : usual.DeepClone();
        return template;
    }
}
