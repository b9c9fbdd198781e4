using System.Text.Json.Nodes;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Serving;

/// <summary>The OpenAPI description of a served model: its columns are the schema of a row.</summary>
internal static class OpenApiPage
{
    /// <summary>OpenAPI 3.1.</summary>
    public static JsonObject Of(ServedModel model)
    {
        var features = model.Model.Features;
        var columns = new JsonObject();
        // what views know is looked up by what is logged
        foreach (var column in model.Logged.Columns)
            columns[column.Name] = column.Kind switch
            {
                ColumnKind.Number or ColumnKind.Duration => Type("number"),
                ColumnKind.Flag => Type("boolean"),
                ColumnKind.Moment => new JsonObject { ["type"] = Nullable("string"), ["format"] = "date-time" },
                ColumnKind.Key => new JsonObject { ["type"] = Nullable("string"), ["format"] = "uuid" },
                _ => Type("string"),
            };
        var row = new JsonObject { ["type"] = "object", ["properties"] = columns };
        var answer = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["prediction"] = new JsonObject { ["type"] = features.Target.Task == LearningTask.Regression ? "number" : "string" },
                ["probability"] = new JsonObject { ["type"] = "number" },
                ["model_version"] = new JsonObject { ["type"] = "integer" },
                ["missing_views"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
            },
        };
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = $"ml serve: {features.Model}", ["version"] = features.ModelVersion.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            ["paths"] = new JsonObject
            {
                ["/predict"] = new JsonObject
                {
                    ["post"] = new JsonObject
                    {
                        ["summary"] = $"Predicts `{features.Target.Column}` of one row or of a list of rows; ?explain=true adds what moved each answer",
                        ["parameters"] = new JsonArray(new JsonObject { ["name"] = "explain", ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "boolean" } }),
                        ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Json(OneOrMany("Row")) },
                        ["responses"] = new JsonObject
                        {
                            ["200"] = new JsonObject { ["description"] = "An answer per row", ["content"] = Json(OneOrMany("Answer")) },
                            ["400"] = Described("The body is not JSON"), ["413"] = Described("The body or the list is too large"), ["422"] = Described("A row does not fit the model; each fault is named"),
                        },
                    },
                },
                ["/models"] = Get("The model that answers and how good it is"),
                ["/healthz"] = Get("The process lives"),
                ["/readyz"] = Get("A model is open"),
                ["/metrics"] = Get("Figures in Prometheus' text format"),
            },
            ["components"] = new JsonObject { ["schemas"] = new JsonObject { ["Row"] = row, ["Answer"] = answer } },
        };
    }

    private static JsonObject Type(string type) => new() { ["type"] = Nullable(type) };

    private static JsonArray Nullable(string type) => [type, "null"];

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static JsonObject OneOrMany(string name) => new() { ["oneOf"] = new JsonArray(Reference(name), new JsonObject { ["type"] = "array", ["items"] = Reference(name) }) };

    private static JsonObject Json(JsonObject schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Described(string text) => new() { ["description"] = text };

    private static JsonObject Get(string summary) => new() { ["get"] = new JsonObject { ["summary"] = summary, ["responses"] = new JsonObject { ["200"] = Described("OK") } } };
}
