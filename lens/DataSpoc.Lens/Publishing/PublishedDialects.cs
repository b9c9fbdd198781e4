using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Clusters;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Publishing;

/// <summary>An engine that reads Delta tables where they lie.</summary>
internal enum Dialect
{
    /// <summary>Trino's Delta connector.</summary>
    Trino,

    /// <summary>Spark with Delta, Databricks.</summary>
    Spark,

    /// <summary>Athena, which keeps its tables in Glue.</summary>
    Athena,

    /// <summary>ClickHouse.</summary>
    Clickhouse,

    /// <summary>DuckDB with its delta extension.</summary>
    Duckdb,
}

/// <summary>The statements that make tables known to an engine. They can be run again; none copies a row, none holds a credential.</summary>
internal static class PublishedDialects
{
    /// <summary>The statements, without semicolons, in their order.</summary>
    /// <param name="dialect">The engine.</param>
    /// <param name="tables">What it gets to know.</param>
    /// <param name="source">How ClickHouse reads a table.</param>
    /// <exception cref="UserError">The engine does not reach a table (<see cref="ExitCode.Usage"/>).</exception>
    public static IEnumerable<string> Statements(Dialect dialect, IReadOnlyList<PublishedTable> tables, Func<PublishedTable, string> source) => dialect switch
    {
        Dialect.Trino => [
            .. Databases(tables).Select(database => $"CREATE SCHEMA IF NOT EXISTS delta.{database}"),
            // there is no IF NOT EXISTS for a registered table: it is taken out first, which touches no file
            .. tables.SelectMany(table => (string[])[
                $"DROP TABLE IF EXISTS delta.{table.Database}.\"{table.Table}\"",
                $"CALL delta.system.register_table(schema_name => '{table.Database}', table_name => '{table.Table}', table_location => {SqlText.Literal(table.Folder())})"])],
        Dialect.Spark => [
            .. Databases(tables).Select(database => $"CREATE DATABASE IF NOT EXISTS {database}"),
            .. tables.Select(table => $"CREATE TABLE IF NOT EXISTS {table.Database}.`{table.Table}` USING DELTA LOCATION {ClickHouseTable.Literal(table.Folder("s3a"))}")],
        Dialect.Athena => [
            .. Databases(tables).Select(database => $"CREATE DATABASE IF NOT EXISTS `{database}`"),
            .. tables.Select(table => $"CREATE EXTERNAL TABLE IF NOT EXISTS `{table.Database}`.`{table.Table}` LOCATION {ClickHouseTable.Literal(OnS3(table).Folder() + "/")} TBLPROPERTIES ('table_type' = 'DELTA')")],
        Dialect.Clickhouse => [
            .. Databases(tables).Select(database => $"CREATE DATABASE IF NOT EXISTS {database}"),
            .. tables.Select(table => $"CREATE OR REPLACE VIEW {table.Database}.{ClickHouseTable.Identifier(table.Table)} AS SELECT * FROM {source(table)}")],
        _ => [
            "INSTALL delta", "LOAD delta",
            .. tables.Select(table => table.Catalog).Distinct().Select(catalog => $"ATTACH IF NOT EXISTS ':memory:' AS {SqlText.Identifier(catalog)}"),
            .. tables.Select(table => (table.Catalog, table.Layer)).Distinct().Select(schema => $"CREATE SCHEMA IF NOT EXISTS {SqlText.Identifier(schema.Catalog)}.{SqlText.Identifier(schema.Layer)}"),
            .. tables.Select(table => $"CREATE OR REPLACE VIEW {new TableName(table.Catalog, table.Layer, table.Name)} AS FROM delta_scan({SqlText.Literal(table.Folder())})")],
    };

    private static IEnumerable<string> Databases(IReadOnlyList<PublishedTable> tables) => tables.Select(table => table.Database).Distinct();

    private static PublishedTable OnS3(PublishedTable table) => table.Bucket.Scheme == "s3" ? table : throw new UserError($"Athena reads S3 alone, and `{table.Bucket}` is a folder")
    {
        Hint = "name the bucket on S3 with `--bucket s3://…`",
        ExitCode = ExitCode.Usage,
    };
}
