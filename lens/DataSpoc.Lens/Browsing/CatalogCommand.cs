using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Browsing;

/// <summary><c>lens catalog</c>: which tables there are, or everything that is known of one.</summary>
internal static class CatalogCommand
{
    public static ToolCommand Create()
    {
        var table = new Argument<string?>("table") { Description = "A table, to see its columns, keys, checks and lineage", Arity = ArgumentArity.ZeroOrOne, HelpName = "TABLE" };
        var buckets = BucketOption.Create();
        var detail = new Option<bool>("--detail") { Description = "Keys, partitions, snapshots and lineage of all tables; smallest and largest values of a table's columns" };
        var command = new ToolCommand("catalog", "Show the tables of the buckets, or one of them in full")
        {
            Example = "lens catalog raw.shop_orders --bucket file:///data/lake",
            Details = "What is shown comes from the manifests and the tables' logs; no data file is opened.",
            Handler = async context =>
            {
                var configuration = context.Project.Load<LensConfiguration>();
                await using var set = BucketSelection.Open(context.Value(buckets) ?? [], configuration, context.Environment);
                if (context.Value(table) is { } name)
                    await ShowTableAsync(context, set, name, context.Value(detail), configuration);
                else
                    await TableListing.ShowAsync(context, set, context.Value(detail));
                return ExitCode.Done;
            },
        };
        command.Arguments.Add(table);
        command.Options.Add(buckets);
        command.Options.Add(detail);
        return command;
    }

    private static async Task ShowTableAsync(CommandContext context, BucketSet buckets, string name, bool detail, LensConfiguration configuration)
    {
        var resolver = new TableResolver(buckets);
        var table = await resolver.RequireAsync(name, context.Cancel);
        using var database = Database.Open(Engine.Options(configuration));
        var description = await TableDescription.ReadAsync(table, resolver, database, ObjectCaches.Of(context), context.Cancel);
        TablePage.Show(context, description, detail);
    }
}
