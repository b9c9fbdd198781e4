using System.Text.Json;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>What a SCHEMA message says.</summary>
/// <param name="Shape">Of the stream's records, as declared.</param>
/// <param name="KeyProperties">The source's names of the fields that identify a record.</param>
internal sealed record SingerSchema(StructShape Shape, IReadOnlyList<string> KeyProperties)
{
    public bool Equals(SingerSchema? other) => other is not null && Shape.Equals(other.Shape) && KeyProperties.SequenceEqual(other.KeyProperties);

    public override int GetHashCode() => Shape.GetHashCode();

    /// <summary>Reads a SCHEMA message.</summary>
    /// <param name="message">The whole line.</param>
    /// <param name="rules">What the pipeline chose.</param>
    /// <param name="position">The line and the stream.</param>
    /// <exception cref="Contracts.UserError">It has no schema, no properties, or a schema that cannot be understood.</exception>
    public static SingerSchema Read(ReadOnlyMemory<byte> message, ShapeRules rules, SourcePosition position)
    {
        using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = MessageReader.MaxDepth });
        try
        {
            return Read(document.RootElement, rules, position);
        }
        catch (InvalidOperationException e)
        {
            // half of a surrogate pair in a name: JSON's grammar allows it, no UTF-8 can hold it
            throw position.Error($"the schema of `{position.Stream}` has a name that is not Unicode text in {position}", inner: e);
        }
    }

    private static SingerSchema Read(JsonElement root, ShapeRules rules, SourcePosition position)
    {
        if (!root.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Object)
            throw position.Error($"SCHEMA of `{position.Stream}` without a schema in {position}");

        var shape = JsonSchemaShapes.Read(schema, rules, position);
        var keys = Keys(root, position);
        foreach (var key in keys.Where(k => shape.Fields.All(f => f.SourceName != k)))
        {
            throw position.Error(
                $"the key property `{key}` is not among the properties of `{position.Stream}` in {position}",
                "correct `table-key-properties` in the tap's catalog");
        }

        return new SingerSchema(shape, keys);
    }

    /// <summary>What the rows look like to the sink.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="shape">The declared shape and what was met beyond it.</param>
    /// <param name="versions">Whether a column of table versions comes last, where the records have none of that name themselves.</param>
    /// <param name="extractedAt">The column of the time of extraction, which comes after the record's own, where they have none of that name themselves; null: none.</param>
    public StreamSchema Columns(string stream, StructShape shape, bool versions, string? extractedAt = null)
    {
        var own = shape.Fields.Select(f => new StreamColumn(f.Name, f.Shape.Type, !KeyProperties.Contains(f.SourceName)) { SourceName = f.SourceName, Undeclared = f.Undeclared });
        StreamColumn?[] extra = [extractedAt is null ? null : SingerMetadata.ExtractedAt(extractedAt), versions ? SingerMetadata.Version : null];
        return new(stream, [.. own, .. extra.OfType<StreamColumn>().Where(column => shape.Fields.All(f => !f.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)))], [.. KeyProperties.Select(k => shape.Fields.First(f => f.SourceName == k).Name)]);
    }

    private static List<string> Keys(JsonElement message, SourcePosition position)
    {
        if (!message.TryGetProperty("key_properties", out var keys) || keys.ValueKind == JsonValueKind.Null)
            return [];

        if (keys.ValueKind != JsonValueKind.Array || keys.EnumerateArray().Any(k => k.ValueKind != JsonValueKind.String))
            throw position.Error($"`key_properties` of `{position.Stream}` is not a list of names in {position}");

        return [.. keys.EnumerateArray().Select(k => k.GetString()!).Distinct()];
    }
}
