using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Json;

/// <summary>
/// Reads the members of a JSON object strictly: a member that is missing or of another kind is a <see cref="JsonException"/> that names it.
/// Whoever knows the document turns it into a <see cref="UserError"/>.
/// </summary>
internal readonly struct JsonMembers
{
    private readonly JsonElement element;
    private readonly string what;

    /// <param name="element">The object.</param>
    /// <param name="what">Its path from the document's root, for messages: <c>add</c>, <c>tables[3]</c>; empty for the root itself.</param>
    public JsonMembers(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException(what.Length == 0 ? "it is not an object" : $"`{what}` is not an object");
        this.element = element;
        this.what = what;
    }

    public JsonElement Element => element;

    public JsonElement? Find(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    public string Text(string name) => TextOrNull(name) ?? throw Missing(name);

    public string? TextOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Wrong(name, "a text"),
    };

    public long Long(string name) => LongOrNull(name) ?? throw Missing(name);

    public long? LongOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
        _ => throw Wrong(name, "a whole number"),
    };

    public int Int(string name) => Long(name) is var number && number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong(name, "a number of that size");

    public bool? BoolOrNull(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false"),
    };

    public JsonMembers Object(string name) => ObjectOrNull(name) ?? throw Missing(name);

    public JsonMembers? ObjectOrNull(string name) => Find(name) is { } value ? new JsonMembers(value, PathOf(name)) : null;

    public IReadOnlyList<string>? TextsOrNull(string name)
    {
        if (Find(name) is not { } array)
            return null;
        if (array.ValueKind != JsonValueKind.Array)
            throw Wrong(name, "a list");
        var texts = new List<string>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, "a list of texts"));
        return texts;
    }

    public IEnumerable<JsonMembers> Objects(string name)
    {
        if (Find(name) is not { } array)
            yield break;
        if (array.ValueKind != JsonValueKind.Array)
            throw Wrong(name, "a list");
        var index = 0;
        foreach (var item in array.EnumerateArray())
            yield return new JsonMembers(item, $"{PathOf(name)}[{index++}]");
    }

    public IReadOnlyDictionary<string, string?>? TextMapOrNull(string name)
    {
        if (ObjectOrNull(name) is not { } map)
            return null;
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var member in map.element.EnumerateObject())
            texts[member.Name] = member.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => member.Value.GetString(),
                _ => throw Wrong($"{name}.{member.Name}", "a text"),
            };
        return texts;
    }

    /// <summary>A time as text in ISO 8601 with an offset.</summary>
    public DateTimeOffset? TimeOrNull(string name) => TextOrNull(name) is { } text ? JsonTime.Parse(text) ?? throw Wrong(name, "a time such as 2026-01-31T12:00:00Z") : null;

    /// <summary>A time as milliseconds since 1970.</summary>
    public DateTimeOffset? MillisecondsOrNull(string name) => LongOrNull(name) is { } value
        ? JsonTime.FromMilliseconds(value) ?? throw Wrong(name, "a time in milliseconds since 1970")
        : null;

    public DateTimeOffset Milliseconds(string name) => MillisecondsOrNull(name) ?? throw Missing(name);

    /// <summary>All members but the named ones, or null where there is none.</summary>
    public JsonObject? Others(ReadOnlySpan<string> known)
    {
        JsonObject? others = null;
        foreach (var member in element.EnumerateObject())
            if (!known.Contains(member.Name))
                (others ??= [])[member.Name] = JsonNodes.From(member.Value);
        return others;
    }

    public JsonException Missing(string name) => new(what.Length == 0 ? $"it lacks `{name}`" : $"`{what}` lacks `{name}`");

    public JsonException Wrong(string name, string expected) => new($"`{PathOf(name)}` is not {expected}");

    private string PathOf(string name) => what.Length == 0 ? name : $"{what}.{name}";
}
