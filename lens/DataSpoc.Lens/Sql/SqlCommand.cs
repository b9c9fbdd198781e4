using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Sql;

/// <summary><c>lens sql</c>: one query over the tables of one or several buckets.</summary>
internal static class SqlCommand
{
    public static ToolCommand Create()
    {
        var query = new Argument<string?>("query") { Description = "The query; `-` reads it from stdin", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file", "-f") { Description = "Read the query from a file", HelpName = "FILE" };
        var buckets = BucketOption.Create();
        var limit = new Option<long?>("--limit") { Description = "Stop after so many rows", HelpName = "ROWS" };
        var timeout = new Option<string?>("--timeout") { Description = "End the query after 500ms, 30s, 5m or 2h", HelpName = "TIME" };
        var export = new Option<string?>("--export") { Description = "Write the result to a file: .csv, .json, .ndjson or .parquet", HelpName = "FILE" };
        var parameters = new Option<string[]>("--param") { Description = "A value for $name in the query; may be given several times", HelpName = "NAME=VALUE" };
        var asOf = new Option<string?>("--as-of") { Description = "Read tables as they were: a version, a day or a time (UTC)", HelpName = "VERSION|TIME" };
        var explain = new Option<bool>("--explain") { Description = "Show how DuckDB would run the query, and do not run it" };
        var engine = new Option<string?>("--engine") { Description = "Run it elsewhere: clickhouse://[user@]host[:8123][/database][?cluster=NAME]; or httpfs: read S3 by DuckDB's extension", HelpName = "ENGINE" };
        var unguarded = new Option<bool>("--unsafe") { Description = "Lift the guard: any statement, any file of this machine" };
        var command = new ToolCommand("sql", "Run one query and show its rows")
        {
            Example = "lens sql \"select status, count(*) from raw.shop_orders group by all\" --bucket file:///data/lake",
            Details = "Tables are called layer.source_table: raw.shop_orders, curated.sales_orders, predictions.late. `show all tables` lists them.\n"
                + "With several buckets, the bucket's name comes first: bronze.raw.shop_orders. A bare name (orders) is enough where one table alone has it.\n"
                + "A query reads tables and nothing else; it writes nothing but the file of --export.",
            Handler = context => new SqlRun(context, new()
            {
                Query = context.Value(query),
                File = context.Value(file),
                Buckets = context.Value(buckets) ?? [],
                Limit = context.Value(limit),
                Timeout = context.Value(timeout),
                Export = context.Value(export),
                Parameters = context.Value(parameters) ?? [],
                AsOf = context.Value(asOf),
                Explain = context.Value(explain),
                Unsafe = context.Value(unguarded),
                Engine = context.Value(engine),
            }).RunAsync(),
        };
        command.Aliases.Add("query");
        command.Arguments.Add(query);
        foreach (var option in new Option[] { file, buckets, limit, timeout, export, parameters, asOf, explain, engine, unguarded })
            command.Options.Add(option);
        return command;
    }
}
