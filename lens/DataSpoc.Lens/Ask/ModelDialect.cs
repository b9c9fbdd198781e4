using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Lens.Ask;

/// <summary>A turn of the conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">What is said.</param>
internal sealed record ChatTurn(string Role, string Text);

/// <summary>How the providers write a conversation and its answer as JSON.</summary>
internal static class ModelDialect
{
    private const int MostTokens = 4096;

    /// <summary>The body of the request.</summary>
    public static JsonObject Request(Provider provider, string model, IReadOnlyList<ChatTurn> turns) => provider switch
    {
        Provider.Ollama => new() { ["model"] = model, ["stream"] = false, ["messages"] = Turns(turns), ["options"] = new JsonObject { ["temperature"] = 0 } },
        Provider.Anthropic => new()
        {
            ["model"] = model,
            ["max_tokens"] = MostTokens,
            ["system"] = string.Join('\n', turns.Where(turn => turn.Role == "system").Select(turn => turn.Text)),
            ["messages"] = Turns(turns.Where(turn => turn.Role != "system")),
        },
        _ => new() { ["model"] = model, ["messages"] = Turns(turns) },
    };

    /// <summary>The headers of the request.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(ModelAddress address)
    {
        if (address.Provider == Provider.Anthropic)
            yield return ("anthropic-version", "2023-06-01");
        if (address.Key is { } key)
            yield return address.Provider == Provider.Anthropic ? ("x-api-key", key) : ("Authorization", $"Bearer {key}");
    }

    /// <summary>The text of the answer; null where it has none.</summary>
    public static string? Answer(Provider provider, JsonElement answer) => provider switch
    {
        Provider.Ollama => Text(Member(Member(answer, "message"), "content")),
        Provider.Anthropic => Member(answer, "content") is { ValueKind: JsonValueKind.Array } parts
            ? string.Concat(parts.EnumerateArray().Select(part => Text(Member(part, "text")))) is { Length: > 0 } text ? text : null
            : null,
        _ => Member(answer, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0 ? Text(Member(Member(choices[0], "message"), "content")) : null,
    };

    /// <summary>What an answer says of its error; null where it says nothing that is known.</summary>
    public static string? Error(JsonElement answer) => Member(answer, "error") is { } error ? Text(error) ?? Text(Member(error, "message")) : null;

    private static JsonArray Turns(IEnumerable<ChatTurn> turns) => new([.. turns.Select(turn => new JsonObject { ["role"] = turn.Role, ["content"] = turn.Text })]);

    private static JsonElement? Member(JsonElement? of, string name) => of is { ValueKind: JsonValueKind.Object } and { } element && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
