using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataSpoc.Lens.Browsing;

/// <summary>The bounds of all files of a table from those of each: numbers by size, texts (dates too) in ordinal order.</summary>
internal static class ValueBounds
{
    /// <summary>The smallest; null where a file tells none.</summary>
    public static string? Smallest(IEnumerable<JsonNode?> bounds) => Pick(bounds, -1);

    /// <summary>The largest; null where a file tells none.</summary>
    public static string? Largest(IEnumerable<JsonNode?> bounds) => Pick(bounds, 1);

    private static string? Pick(IEnumerable<JsonNode?> bounds, int sign)
    {
        string? best = null;
        foreach (var bound in bounds)
        {
            if (bound is not JsonValue value)
                return null;
            var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            best = best is null || Compare(text, best) * sign > 0 ? text : best;
        }
        return best;
    }

    private static int Compare(string one, string other) =>
        decimal.TryParse(one, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && decimal.TryParse(other, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
            : string.CompareOrdinal(one, other);
}
