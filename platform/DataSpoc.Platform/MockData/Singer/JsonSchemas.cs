using System.Text.Json.Nodes;
using DataSpoc.Platform.MockData.Changes;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>The tables as Singer's SCHEMA messages and its catalog describe them.</summary>
internal static class JsonSchemas
{
    /// <summary>A table's JSON Schema.</summary>
    /// <param name="columns">Those that are wanted.</param>
    public static JsonObject Of(IEnumerable<MockColumn> columns)
    {
        var properties = new JsonObject();
        foreach (var column in columns)
        {
            var property = new JsonObject { ["type"] = column.Nullable ? new JsonArray("null", column.JsonType) : column.JsonType };
            if (column.Format is not null)
                property["format"] = column.Format;
            properties[column.Name] = property;
        }
        return new() { ["type"] = "object", ["properties"] = properties };
    }

    /// <summary>What <c>--discover</c> prints: every stream with all columns that it will ever have.</summary>
    /// <param name="columns">How many later columns there are.</param>
    public static JsonObject Catalog(int columns)
    {
        var later = new LaterColumns(0);
        IReadOnlyList<TableShape> shapes = [.. MockTables.All.Select(shape => shape.Name switch
        {
            "parcels" => MockTables.Parcels.With(LaterColumns.OfParcels(columns)).Shape,
            "deliveries" => MockTables.Deliveries.With(later.OfDeliveries(columns)).Shape,
            _ => shape,
        })];
        return new() { ["streams"] = new JsonArray([.. shapes.Select(Entry)]) };
    }

    private static JsonObject Entry(TableShape shape)
    {
        var metadata = new JsonArray(new JsonObject
        {
            ["breadcrumb"] = new JsonArray(),
            ["metadata"] = new JsonObject
            {
                ["inclusion"] = "available",
                ["selected-by-default"] = true,
                ["table-key-properties"] = Texts(shape.Key),
                ["forced-replication-method"] = "INCREMENTAL",
            },
        });
        foreach (var column in shape.Columns)
        {
            metadata.Add(new JsonObject
            {
                ["breadcrumb"] = new JsonArray("properties", column.Name),
                ["metadata"] = new JsonObject { ["inclusion"] = shape.Key.Contains(column.Name) ? "automatic" : "available", ["selected-by-default"] = true },
            });
        }
        return new() { ["tap_stream_id"] = shape.Name, ["stream"] = shape.Name, ["key_properties"] = Texts(shape.Key), ["schema"] = Of(shape.Columns), ["metadata"] = metadata };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static t => (JsonNode)t)]);
}
