using System.Globalization;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Interop;

/// <summary>A row as JSON in one spelling, whoever wrote it.</summary>
internal static class ComparableRow
{
    public static string Of(string json) => Normal(JsonNode.Parse(json))!.ToJsonString();

    // ClickHouse has no NULL of a list, a map or a struct: they come as empty ones, and as structs of NULLs
    private static JsonNode? Normal(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var ordered = members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Normal(member.Value))).ToList();
                return node.Parent is not null && ordered.TrueForAll(member => member.Value is null) ? null : new JsonObject(ordered);
            case JsonArray { Count: 0 }:
                return null;
            case JsonArray items:
                return new JsonArray([.. items.Select(Normal)]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(Moment(text) ?? text);
            case JsonValue value when decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                // without trailing zeros
                return JsonValue.Create((number / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
            default:
                return node?.DeepClone();
        }
    }

    // with zone or without, with a T or a space, with as many decimals as there are
    private static string? Moment(string text) =>
        text.Length >= 19 && text[4] == '-' && text[10] is 'T' or ' ' && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)
            : null;
}
