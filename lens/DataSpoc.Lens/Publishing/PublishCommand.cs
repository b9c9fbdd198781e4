using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Clusters;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Publishing;

/// <summary><c>lens publish</c>: makes the tables known to other engines, which read them where they lie.</summary>
internal static class PublishCommand
{
    public static ToolCommand Create()
    {
        var tables = new Argument<string[]>("table") { Description = "Tables, as in SQL; without one, all", Arity = ArgumentArity.ZeroOrMore, HelpName = "TABLE" };
        var buckets = BucketOption.Create();
        var dialect = new Option<Dialect?>("--as") { Description = "Write statements for trino, spark, athena, clickhouse or duckdb to stdout", HelpName = "ENGINE" };
        var to = new Option<string?>("--to") { Description = "Make the views there: clickhouse://[user@]host[:8123][?cluster=NAME&collection=NAME]", HelpName = "URL" };
        return new("publish", "Make the tables known to Trino, Spark, Athena, ClickHouse or DuckDB")
        {
            Example = "lens publish --as trino --bucket s3://company-bronze",
            Details = "Nothing is copied: the engines read the tables' own Delta logs, and see what pipelines write from then on. Statements hold no credentials.\n"
                + "A table's database is its bucket and layer: bronze_raw.shop_orders (bronze.raw.shop_orders in DuckDB).",
            OffersDryRun = true,
            Handler = context => RunAsync(context, context.Value(tables) ?? [], context.Value(buckets) ?? [], context.Value(dialect), context.Value(to)),
            Arguments = { tables },
            Options = { buckets, dialect, to },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, IReadOnlyList<string> named, IReadOnlyList<string> given, Dialect? dialect, string? to)
    {
        if (dialect is null == to is null)
            throw new UserError(to is null ? "nobody said for which engine" : "`--as` and `--to` do not go together") { Hint = "write `--as trino` (spark, athena, clickhouse, duckdb), or `--to clickhouse://host`", ExitCode = ExitCode.Usage };
        var address = to is null ? null : ClickHouseAddress.Parse(to, context.Environment.Variable);
        await using var buckets = BucketSelection.Open(given, context.Project.Load<LensConfiguration>(), context.Environment);
        if (buckets.Buckets.Count == 0)
            throw new UserError("no bucket is known") { Hint = "name one with `--bucket URI`, or keep it: lens bucket add URI", ExitCode = ExitCode.Usage };
        var resolver = new TableResolver(buckets);
        var tables = new List<ResolvedTable>();
        foreach (var name in named)
            tables.Add(await resolver.RequireAsync(name, context.Cancel));
        var published = await PublishedTable.OfAsync(named.Count > 0 ? tables : await resolver.ListAsync(context.Cancel),
            table => context.Messages.Warn($"{table.View} is left out: it is a folder without a Delta log"), context.Cancel);
        var source = new ClickHouseTable(context.Environment.Variable);
        var statements = PublishedDialects.Statements(dialect ?? Dialect.Clickhouse, published, table => source.Source(table.Bucket, table.Location, address?.Cluster, address?.Collection)).ToArray();
        if (address is null || context.DryRun)
            foreach (var statement in statements)
                context.Out.Write(statement + ";\n");
        else
            await SendAsync(context, address, statements, published.Count);
        return ExitCode.Done;
    }

    private static async Task SendAsync(CommandContext context, ClickHouseAddress address, IReadOnlyList<string> statements, int views)
    {
        if (address.ShowsPassword)
            context.Messages.Warn($"the password goes to {address.Url.Host} without encryption", "write clickhouses:// where the server speaks TLS");
        using var client = new ClickHouseClient(address);
        foreach (var statement in statements)
        {
            context.Messages.Detail(statement);
            await client.RunAsync(statement, context.Cancel);
        }
        context.Messages.Success($"{Quantity.Count(views, "view")} on {address.Url.Host}");
    }
}
