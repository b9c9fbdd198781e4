using System.Text.Json;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>Finds the records in an answer, without making objects of them.</summary>
internal static class PageRecords
{
    /// <summary>The parts of <paramref name="body"/> that are records.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="path">Where they are; null: the document, or its only array.</param>
    /// <returns>Null where there is nothing at the path, or it holds neither objects nor an array of them.</returns>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static IReadOnlyList<Range>? Find(ReadOnlySpan<byte> body, FieldPath? path)
    {
        Check(body);
        path ??= OnlyArray(body);
        var reader = new Utf8JsonReader(body);
        if (path is null || !path.TryGo(ref reader))
            return null;

        if (reader.TokenType == JsonTokenType.Null)
            return [];
        if (reader.TokenType == JsonTokenType.StartObject)
            return [Value(ref reader)];
        if (reader.TokenType != JsonTokenType.StartArray)
            return null;

        var records = new List<Range>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                return null;
            records.Add(Value(ref reader));
        }

        return records;
    }

    private static Range Value(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    /// <summary>The whole must be JSON, also what follows the records.</summary>
    private static void Check(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
            continue;
    }

    private static FieldPath? OnlyArray(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return new("");

        var arrays = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
                arrays.Add(name);
            reader.Skip();
        }

        return arrays.Count == 1 ? new(arrays[0]) : null;
    }
}
