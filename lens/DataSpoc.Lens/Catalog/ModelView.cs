using System.Globalization;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Catalog;

/// <summary><c>ml.models</c> as SQL.</summary>
internal static class ModelView
{
    /// <summary>The statements that make it a view of its bucket.</summary>
    public static string Definition(ModelList models)
    {
        var bucket = SqlText.Identifier(models.Bucket.Name);
        var rows = models.Rows.Count == 0 ? Row(new("", 0, null, null, null, null)) : string.Join(",\n", models.Rows.Select(Row));
        return $"""
            ATTACH IF NOT EXISTS ':memory:' AS {bucket};
            CREATE SCHEMA IF NOT EXISTS {bucket}.{ModelList.Schema};
            CREATE OR REPLACE VIEW {bucket}.{ModelList.Schema}.{ModelList.Name} AS
            SELECT model::VARCHAR AS model, version::INTEGER AS version, alias::VARCHAR AS alias, metric::VARCHAR AS metric, value::DOUBLE AS value, trained_at::TIMESTAMPTZ AS trained_at
            FROM (VALUES {rows}) t(model, version, alias, metric, value, trained_at) {(models.Rows.Count == 0 ? "WHERE false" : "")};
            """;
    }

    private static string Row(ModelFigure row) => string.Create(CultureInfo.InvariantCulture,
        $"({SqlText.Literal(row.Model)}, {row.Version}, {Text(row.Alias)}, {Text(row.Metric)}, {Text(row.Value?.ToString("R", CultureInfo.InvariantCulture))}, {Text(row.TrainedAt?.ToString("o", CultureInfo.InvariantCulture))})");

    private static string Text(string? value) => value is null ? "NULL" : SqlText.Literal(value);
}
