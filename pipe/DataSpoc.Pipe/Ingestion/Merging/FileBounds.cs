using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts.Delta;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion.Merging;

/// <summary>Which files can hold rows with the same keys, as far as their statistics tell.</summary>
internal static class FileBounds
{
    /// <summary>Whether two files may share a key.</summary>
    public static bool MayMeet(FileStatistics? one, FileStatistics? other, IReadOnlyList<string> key) =>
        one is null || other is null || key.All(column => !IsBelow(one.MaxValues?[column], other.MinValues?[column]) && !IsBelow(other.MaxValues?[column], one.MinValues?[column]));

    /// <summary>The version of the table that all rows of a file have; null: they have none, several, or it is not known.</summary>
    public static long? Version(FileStatistics? file) =>
        file?.MinValues?[SourceColumns.Version] is JsonValue least && least.TryGetValue(out long version) && !MayDiffer(file, SourceColumns.Version, version) ? version : null;

    /// <summary>Whether a file may hold a row whose column is not this number.</summary>
    public static bool MayDiffer(FileStatistics? file, string column, long value) =>
        file is null || file.NullCount?[column] is not JsonValue nulls || !IsNumber(nulls, 0) || !IsNumber(file.MinValues?[column], value) || !IsNumber(file.MaxValues?[column], value);

    private static bool IsNumber(JsonNode? node, long value) => node is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.ToJsonString() == value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // bounds of other kinds of values, or of two kinds, say nothing
    private static bool IsBelow(JsonNode? high, JsonNode? low)
    {
        if (high is not JsonValue upper || low is not JsonValue lower || upper.GetValueKind() != lower.GetValueKind())
            return false;
        return upper.GetValueKind() switch
        {
            JsonValueKind.Number => decimal.TryParse(upper.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var a)
                && decimal.TryParse(lower.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var b) && a < b,
            // years before 0 and after 9999 are not in the order of their texts
            JsonValueKind.String when upper.GetValue<string>() is not ['-' or '+', ..] && lower.GetValue<string>() is not ['-' or '+', ..] => IsBelow(upper.GetValue<string>(), lower.GetValue<string>()),
            _ => false,
        };
    }

    // as DuckDB orders texts: by their UTF-8
    private static bool IsBelow(string high, string low) => System.Text.Encoding.UTF8.GetBytes(high).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(low)) < 0;
}
