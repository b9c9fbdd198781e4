using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Contracts.Tests.Documents;

/// <summary>
/// Validates JSON against a schema of draft 2020-12, as far as the contract's schemas use it. A keyword that is not known is an error, so that a schema cannot
/// claim what is not checked. (JsonSchema.Net does not restore here: its JsonPointer.Net is missing.)
/// </summary>
internal sealed class JsonSchema
{
    private static readonly string[] Annotations = ["$schema", "$id", "$defs", "title", "description", "then", "else"];

    private readonly JsonElement root;

    public JsonSchema(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        root = document.RootElement.Clone();
    }

    /// <summary>What is wrong with a document, each with its place; empty where it fits.</summary>
    public IReadOnlyList<string> Faults(string json)
    {
        using var document = JsonDocument.Parse(json);
        var faults = new List<string>();
        Check(root, document.RootElement, "", faults);
        return faults;
    }

    private void Check(JsonElement schema, JsonElement value, string place, List<string> faults)
    {
        foreach (var keyword in schema.EnumerateObject())
            if (!Annotations.Contains(keyword.Name) && Fault(schema, keyword, value, place, faults) is { } fault)
                faults.Add($"{(place.Length == 0 ? "/" : place)} {fault}");
    }

    private string? Fault(JsonElement schema, JsonProperty keyword, JsonElement value, string place, List<string> faults)
    {
        var rule = keyword.Value;
        switch (keyword.Name)
        {
            case "$ref":
                Check(Target(rule.GetString()!), value, place, faults);
                return null;
            case "type":
                return (rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().ToList() : [rule]).Exists(type => IsOf(type.GetString()!, value)) ? null : $"is not of type {rule}";
            case "const":
                return JsonElement.DeepEquals(rule, value) ? null : $"is not {rule}";
            case "enum":
                return rule.EnumerateArray().Any(option => JsonElement.DeepEquals(option, value)) ? null : $"is none of {rule}";
            case "anyOf":
                return rule.EnumerateArray().Any(option => Fits(option, value)) ? null : "fits none of anyOf";
            case "if":
                if (schema.TryGetProperty(Fits(rule, value) ? "then" : "else", out var branch))
                    Check(branch, value, place, faults);
                return null;
            case "minLength":
                return value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= rule.GetInt32() ? null : "is too short";
            case "pattern":
                return value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!) ? null : $"does not match {rule}: {value}";
            case "format":
                return value.ValueKind != JsonValueKind.String || rule.GetString() == "date-time" && IsTime(value.GetString()!) ? null : $"is no {rule}: {value}";
            case "minimum":
                return value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= rule.GetDecimal() ? null : $"is below {rule}";
            case "items":
                if (value.ValueKind == JsonValueKind.Array)
                    foreach (var (at, item) in value.EnumerateArray().Index())
                        Check(rule, item, $"{place}/{at}", faults);
                return null;
            default:
                return OfObjects(schema, keyword, value, place, faults);
        }
    }

    private string? OfObjects(JsonElement schema, JsonProperty keyword, JsonElement value, string place, List<string> faults)
    {
        var rule = keyword.Value;
        var members = value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().ToList() : [];
        switch (keyword.Name)
        {
            case "required":
                return value.ValueKind == JsonValueKind.Object && rule.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) is { ValueKind: not JsonValueKind.Undefined } missing
                    ? $"lacks {missing}"
                    : null;
            case "minProperties":
                return value.ValueKind != JsonValueKind.Object || members.Count >= rule.GetInt32() ? null : "has too few members";
            case "maxProperties":
                return members.Count <= rule.GetInt32() ? null : "has too many members";
            case "properties":
                foreach (var member in members)
                    if (rule.TryGetProperty(member.Name, out var of))
                        Check(of, member.Value, $"{place}/{member.Name}", faults);
                return null;
            case "propertyNames":
                return members.Select(member => member.Name).FirstOrDefault(name => !Regex.IsMatch(name, rule.GetProperty("pattern").GetString()!)) is { } odd ? $"has a member {odd}" : null;
            case "additionalProperties":
                foreach (var member in members.Where(member => !schema.TryGetProperty("properties", out var known) || !known.TryGetProperty(member.Name, out _)))
                    if (rule.ValueKind == JsonValueKind.False)
                        faults.Add($"{place}/{member.Name} is not allowed");
                    else
                        Check(rule, member.Value, $"{place}/{member.Name}", faults);
                return null;
            default:
                throw new NotSupportedException($"the schema uses `{keyword.Name}`, which is not checked");
        }
    }

    private bool Fits(JsonElement schema, JsonElement value)
    {
        var faults = new List<string>();
        Check(schema, value, "", faults);
        return faults.Count == 0;
    }

    private JsonElement Target(string reference)
    {
        var target = root;
        foreach (var step in reference.Split('/').Skip(1))
            target = target.GetProperty(step);
        return target;
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.Truncate(number) == number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"the schema uses the type `{type}`"),
    };

    // RFC 3339, section 5.6
    private static bool IsTime(string text) =>
        Regex.IsMatch(text, @"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$")
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
