using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Caching;

/// <summary><c>lens cache</c>: what is kept of distant files, and a table brought here as a whole before it is needed.</summary>
internal static class CacheCommand
{
    public static ToolCommand Create()
    {
        var table = new Argument<string?>("table") { Description = "A table to copy as a whole, for work without network", Arity = ArgumentArity.ZeroOrOne, HelpName = "TABLE" };
        var buckets = BucketOption.Create();
        var list = new Option<bool>("--list") { Description = "Show every copy" };
        var refresh = new Option<bool>("--refresh") { Description = "Delete the table's copies first" };
        var clear = new Option<bool>("--clear") { Description = "Delete the copies: of the table, or all" };
        return new("cache", "Show, fill or clear the copies of distant files on this machine")
        {
            Example = "lens cache raw.shop_orders",
            Handler = async context =>
            {
                var cache = ObjectCaches.Of(context);
                if (context.Value(table) is { } name)
                    await FillAsync(context, cache, name, context.Value(buckets) ?? [], context.Value(refresh) || context.Value(clear), context.Value(clear));
                else if (context.Value(clear))
                    Clear(context, cache.List());
                else
                    Show(context, cache.List(), context.Value(list));
                return ExitCode.Done;
            },
            Arguments = { table },
            Options = { buckets, list, refresh, clear },
        };
    }

    private static async Task FillAsync(CommandContext context, ObjectCache cache, string name, IReadOnlyList<string> given, bool delete, bool only)
    {
        var configuration = context.Project.Load<LensConfiguration>();
        await using var buckets = BucketSelection.Open(given, configuration, context.Environment);
        var table = await new TableResolver(buckets).RequireAsync(name, context.Cancel);
        using var database = Database.Open(Engine.Options(configuration));
        var content = await TableContent.ReadAsync(table.Bucket.Store, table.Table, new CheckpointReader(database), context.Cancel);
        if (delete)
        {
            var paths = content.CopyPaths(cache).ToHashSet(StringComparer.Ordinal);
            Clear(context, [.. cache.List().Where(copy => paths.Contains(copy.Path))]);
        }
        if (only)
            return;
        using var progress = new CopyProgress(context.Progress);
        await content.LocalPathsAsync(cache, progress.Advance, context.Cancel);
        context.Messages.Success($"{table.Table} is here: {Quantity.Count(content.Files.Count, "file")}, {Quantity.Bytes(content.Files.Sum(file => file.Size))}");
    }

    private static void Clear(CommandContext context, IReadOnlyList<CachedCopy> copies)
    {
        foreach (var copy in copies)
            ObjectCache.Delete(copy);
        context.Messages.Success($"{Quantity.Count(copies.Count, "copy", "copies")} deleted, {Quantity.Bytes(copies.Sum(copy => copy.Bytes))}");
    }

    private static void Show(CommandContext context, IReadOnlyList<CachedCopy> copies, bool each)
    {
        using var rows = context.Rows(each ? [new("file"), new("bytes", RowColumnKind.Number), new("used", RowColumnKind.Temporal)] : [new("copies", RowColumnKind.Number), new("bytes", RowColumnKind.Number)]);
        if (each)
            foreach (var copy in copies.OrderByDescending(copy => copy.UsedAt))
                rows.WriteRow(copy.Path, copy.Bytes, copy.UsedAt);
        else
            rows.WriteRow(copies.Count, copies.Sum(copy => copy.Bytes));
        rows.Complete();
    }
}
