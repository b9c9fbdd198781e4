using System.Globalization;
using System.Text.Json;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Profiling;

/// <summary>What the first query told of a column.</summary>
internal sealed record ColumnFigures
{
    public long Nulls { get; private init; }

    public long? Distinct { get; private init; }

    public string? Min { get; private init; }

    public string? Max { get; private init; }

    public double? Mean { get; private init; }

    /// <summary>The smallest finite value as a number; times in seconds.</summary>
    public double? Low { get; private init; }

    /// <summary>The largest finite value as a number; times in seconds.</summary>
    public double? High { get; private init; }

    public IReadOnlyList<string> Quartiles { get; private init; } = [];

    /// <summary>The most frequent values, in no order yet.</summary>
    public IReadOnlyList<string> Top { get; private init; } = [];

    public static ColumnFigures Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new()
        {
            Nulls = root.GetProperty("nulls").GetInt64(),
            Distinct = root.TryGetProperty("distinct", out var distinct) ? distinct.GetInt64() : null,
            Min = Text(root, "min"),
            Max = Text(root, "max"),
            Mean = Number(root, "mean"),
            Low = Number(root, "low"),
            High = Number(root, "high"),
            Quartiles = Texts(root, "quartiles"),
            Top = Texts(root, "top"),
        };
    }

    /// <summary>The profile, with what the second query counted.</summary>
    public ColumnProfile Profile(ResultColumn column, long rows, string? counts)
    {
        var shape = ProfileQueries.ShapeOf(column.Type);
        var profile = new ColumnProfile(column.Name, column.Type.ToString(), shape, rows, Nulls) { Distinct = Distinct is { } estimate ? Math.Min(estimate, rows - Nulls) : null, Min = Min, Max = Max, Mean = Mean, Quartiles = Quartiles };
        if (counts is null)
            return profile;
        using var document = JsonDocument.Parse(counts);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return profile;
        var counted = document.RootElement.EnumerateObject().ToDictionary(part => int.Parse(part.Name, CultureInfo.InvariantCulture), part => part.Value.GetInt64());
        if (shape == ColumnShape.Category)
            return profile with { Top = [.. Top.Select((value, i) => (value, counted.GetValueOrDefault(i))).OrderByDescending(top => top.Item2).ThenBy(top => top.value, StringComparer.Ordinal)] };
        return profile with { Histogram = [.. Enumerable.Range(0, ProfileQueries.Parts).Select(part => counted.GetValueOrDefault(part))] };
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement root, string name) => Text(root, name) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static IReadOnlyList<string> Texts(JsonElement root, string name) =>
        root.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)] : [];
}
