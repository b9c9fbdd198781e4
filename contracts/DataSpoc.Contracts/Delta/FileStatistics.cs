using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;

namespace DataSpoc.Contracts.Delta;

/// <summary>
/// What is known of a file without opening it (Delta protocol, "Per-file Statistics"). Values are JSON by column, nested for structs;
/// a column without a bound is left out (<see cref="StatisticsBounds"/>).
/// </summary>
/// <param name="NumRecords">Rows.</param>
public sealed record FileStatistics(long NumRecords)
{
    /// <summary>Lower bounds.</summary>
    public JsonObject? MinValues { get; init; }

    /// <summary>Upper bounds.</summary>
    public JsonObject? MaxValues { get; init; }

    /// <summary>Nulls per column.</summary>
    public JsonObject? NullCount { get; init; }

    /// <summary>Reads the JSON text of <c>add.stats</c>; null where it tells no row count.</summary>
    /// <exception cref="JsonException">It is not JSON, or a member is not what it should be.</exception>
    public static FileStatistics? Parse(string? json)
    {
        if (string.IsNullOrEmpty(json))
            return null;
        using var document = JsonNodes.Parse(json);
        return Read(new(document.RootElement, "stats"));
    }

    /// <summary>The JSON text of <c>add.stats</c>.</summary>
    public string Serialize() => JsonNodes.Text(ToJson());

    /// <summary>The row count of a text of statistics, which is checked as a whole, so that <see cref="Parse"/> will not fail on it.</summary>
    /// <exception cref="JsonException">It is not JSON, or a member is not what it should be.</exception>
    internal static long? CheckedRows(string json)
    {
        if (json.Length == 0)
            return null;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = JsonNodes.MaxDepth });
        long? rows = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("`stats` is not an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isRows, isValues) = (reader.ValueTextEquals("numRecords"), reader.ValueTextEquals("minValues") || reader.ValueTextEquals("maxValues") || reader.ValueTextEquals("nullCount"));
            reader.Read();
            if (isRows && reader.TokenType != JsonTokenType.Null)
                rows = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : throw new JsonException("`stats.numRecords` is not a whole number");
            if (isValues && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
                throw new JsonException("a member of `stats` is not an object");
            reader.Skip();
        }
        return reader.Read() ? throw new JsonException("`stats` goes on after its end") : rows;
    }

    internal static FileStatistics? Read(JsonMembers stats) => stats.LongOrNull("numRecords") is not { } rows ? null : new(rows)
    {
        MinValues = Values(stats, "minValues"),
        MaxValues = Values(stats, "maxValues"),
        NullCount = Values(stats, "nullCount"),
    };

    internal JsonObject ToJson()
    {
        var stats = new JsonObject { ["numRecords"] = NumRecords };
        foreach (var (name, values) in new[] { ("minValues", MinValues), ("maxValues", MaxValues), ("nullCount", NullCount) })
            if (values is not null)
                stats[name] = values.DeepClone();
        return stats;
    }

    private static JsonObject? Values(JsonMembers stats, string name) => stats.ObjectOrNull(name) is { } values ? (JsonObject?)JsonNodes.From(values.Element) : null;
}
