using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Buckets;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Profiling;

/// <summary><c>lens profile</c>: what the values of a table's columns are like.</summary>
internal static class ProfileCommand
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    public static ToolCommand Create()
    {
        var table = new Argument<string>("table") { Description = "The table, as in SQL", HelpName = "TABLE" };
        var buckets = BucketOption.Create();
        var html = new Option<string?>("--html") { Description = "Write a page with plots instead, which needs nothing but itself", HelpName = "FILE" };
        return new("profile", "Show nulls, distinct values, quartiles and distribution of a table's columns")
        {
            Example = "lens profile raw.shop_orders --html orders.html",
            Handler = context => RunAsync(context, context.Value(table)!, context.Value(buckets) ?? [], context.Value(html)),
            Arguments = { table },
            Options = { buckets, html },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string written, IReadOnlyList<string> given, string? html)
    {
        var configuration = context.Project.Load<LensConfiguration>();
        await using var buckets = BucketSelection.Open(given, configuration, context.Environment);
        var table = (await new TableResolver(buckets).RequireAsync(written, context.Cancel)).View.ToString();
        var cache = ObjectCaches.Of(context);
        using var session = await QuerySession.OpenAsync($"FROM {table}", buckets, new(buckets, cache), new(cache, null), Task.Run(() => Database.Open(Engine.Options(configuration))), new(), context.Cancel);
        TableProfile profile;
        try
        {
            profile = TableProfile.Of(session, table, context.Cancel);
        }
        catch (DuckDbException error)
        {
            throw await session.ExplainAsync(error, context.Cancel);
        }
        if (html is null)
        {
            Show(context, profile);
            return ExitCode.Done;
        }
        var file = new ProjectFile(context.Environment.FullPath(html));
        file.Change(_ => ProfilePage.Html(profile, context.Time.GetUtcNow()));
        context.Messages.Success($"the profile of {table} is in {html}");
        return ExitCode.Done;
    }

    private static void Show(CommandContext context, TableProfile profile)
    {
        var drawn = context.Output is OutputFormat.Table or OutputFormat.Markdown;
        using var rows = context.Rows([
            new("column"), new("type"), new("nulls", RowColumnKind.Number), new("distinct", RowColumnKind.Number), new("min"), new("q25"), new("median"), new("q75"), new("max"),
            new("mean", RowColumnKind.Number), new("values", drawn ? RowColumnKind.Text : RowColumnKind.Nested)]);
        foreach (var column in profile.Columns)
            rows.WriteRow(column.Name, column.Type, column.Nulls, column.Distinct, column.Min, column.Quartiles.ElementAtOrDefault(0), column.Quartiles.ElementAtOrDefault(1),
                column.Quartiles.ElementAtOrDefault(2), column.Max, column.Mean, drawn ? (object?)Drawn(column) : Counted(column));
        rows.Complete();
    }

    private static string? Drawn(ColumnProfile column)
    {
        if (column.Histogram.Count == 0)
            return column.Top.Count == 0 ? null : string.Join(", ", column.Top.Take(3).Select(top => $"{Short(top.Value)} {Quantity.Count(top.Count)}"));
        var most = Math.Max(1, column.Histogram.Max());
        return new StringBuilder().AppendJoin("", column.Histogram.Select(count => count == 0 ? ' ' : Bars[(int)((count * (Bars.Length - 1) + most - 1) / most)])).ToString().TrimEnd();
    }

    private static JsonNode? Counted(ColumnProfile column) => column.Histogram.Count > 0
        ? new JsonArray([.. column.Histogram.Select(count => JsonValue.Create(count))])
        : column.Top.Count > 0 ? new JsonArray([.. column.Top.Select(top => new JsonObject { ["value"] = top.Value, ["count"] = top.Count })]) : null;

    private static string Short(string text) => text.Length > 16 ? text[..15] + "…" : text;
}
