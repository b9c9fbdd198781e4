using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Comparison;

/// <summary><c>lens diff</c>: what changed between two versions of a table.</summary>
internal static class DiffCommand
{
    public static ToolCommand Create()
    {
        var table = new Argument<string>("table") { Description = "The table, as in SQL", HelpName = "TABLE" };
        var from = new Option<string?>("--from") { Description = "The older version, a day or a time; by default the version before", HelpName = "VERSION|TIME" };
        var to = new Option<string?>("--to") { Description = "The newer version, a day or a time; by default the newest", HelpName = "VERSION|TIME" };
        var key = new Option<string?>("--key") { Description = "Columns that identify a row; by default the table's own key", HelpName = "COLUMNS" };
        var buckets = BucketOption.Create();
        return new("diff", "Show what changed between two versions of a table: columns, rows, keys")
        {
            Example = "lens diff raw.shop_orders --from 3 --to 4",
            Details = "Without a key, whole rows are compared. Files that both versions have are not read.",
            Handler = context => RunAsync(context, context.Value(table)!, context.Value(buckets) ?? [], context.Value(from), context.Value(to), context.Value(key)),
            Arguments = { table },
            Options = { from, to, key, buckets },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string written, IReadOnlyList<string> given, string? from, string? to, string? key)
    {
        var (older, newer) = (from is null ? null : AsOf.Parse(from), to is null ? null : AsOf.Parse(to));
        var configuration = context.Project.Load<LensConfiguration>();
        await using var buckets = BucketSelection.Open(given, configuration, context.Environment);
        var table = await new TableResolver(buckets).RequireAsync(written, context.Cancel);
        using var database = Database.Open(Engine.Options(configuration));
        var columns = key?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? table.Table.Entry?.PrimaryKey ?? [];
        IReadOnlyList<TableDifference> differences;
        try
        {
            differences = await new VersionComparison(table, database, ObjectCaches.Of(context)).RunAsync(older, newer, columns, context.Cancel);
        }
        catch (DuckDbException error)
        {
            throw QueryErrors.Explain(error);
        }
        using var rows = context.Rows([new("what"), new("name"), new("from"), new("to")]);
        foreach (var difference in differences)
            rows.WriteRow(difference.What, difference.Name, difference.From, difference.To);
        rows.Complete();
        return ExitCode.Done;
    }
}
