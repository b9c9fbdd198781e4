using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Browsing;

/// <summary>All tables of all buckets, one row each.</summary>
internal static class TableListing
{
    private const int LogsAtOnce = 8;

    public static async Task ShowAsync(CommandContext context, BucketSet buckets, bool detail)
    {
        if (buckets.Buckets.Count == 0)
            throw new UserError("no bucket is known") { Hint = "name one with `--bucket URI`, or keep it: lens bucket add URI", ExitCode = ExitCode.Usage };
        var tables = await new TableResolver(buckets).ListAsync(context.Cancel);
        if (tables.Count == 0)
            context.Messages.Info($"there are no tables in {string.Join(", ", buckets.Buckets.Select(bucket => bucket.Store.Bucket))}; `pipe ingest` brings some");
        var figures = new TableFigures?[tables.Count];
        await Parallel.ForAsync(0, figures.Length, new ParallelOptions { MaxDegreeOfParallelism = LogsAtOnce, CancellationToken = context.Cancel },
            async (i, token) => figures[i] = await FiguresAsync(tables[i], token));
        using var rows = context.Rows(Columns(detail));
        for (var i = 0; i < figures.Length; i++)
        {
            var (table, known) = (tables[i], figures[i]);
            rows.WriteValue(table.Bucket.Name);
            rows.WriteValue(table.Table.Schema);
            rows.WriteValue(table.Table.Name);
            foreach (var value in new object?[] { known?.Rows, known?.Files, known?.Bytes, known?.Columns, known?.Updated })
                rows.WriteValue(value);
            if (detail)
                foreach (var value in Details(table.Table, known))
                    rows.WriteValue(value);
            rows.EndRow();
        }
        rows.Complete();
    }

    private static IReadOnlyList<RowColumn> Columns(bool detail)
    {
        RowColumn[] columns = [
            new("bucket"), new("layer"), new("table"), new("rows", RowColumnKind.Number), new("files", RowColumnKind.Number), new("bytes", RowColumnKind.Number),
            new("columns", RowColumnKind.Number), new("updated", RowColumnKind.Temporal)];
        return detail ? [.. columns, new("snapshot", RowColumnKind.Number), new("key"), new("partition_by"), new("inputs"), new("checks", RowColumnKind.Nested), new("location")] : columns;
    }

    private static IEnumerable<object?> Details(CatalogTable table, TableFigures? known)
    {
        yield return known?.Snapshot;
        yield return Joined(table.Entry?.PrimaryKey);
        yield return Joined(table.Entry?.PartitionBy);
        yield return Joined(table.Entry?.Inputs);
        yield return table.Entry?.Checks;
        yield return table.Location.Folder;
    }

    private static string? Joined(IReadOnlyList<string>? texts) => texts is { Count: > 0 } ? string.Join(", ", texts) : null;

    // of what no manifest tells, the log does
    private static async Task<TableFigures?> FiguresAsync(ResolvedTable table, CancellationToken cancel)
    {
        if (table.Table.Entry is { } entry)
            return new(entry.Statistics.TotalRows, entry.Statistics.Files, entry.Statistics.Bytes, entry.Columns.Count, entry.Statistics.LastExtraction, entry.Snapshot);
        try
        {
            return TableFigures.Of(await TableContent.ReadAsync(table.Bucket.Store, table.Table, null, cancel));
        }
        catch (UserError)
        {
            // a table that cannot be read is listed all the same; asking for it says why
            return null;
        }
    }
}

/// <summary>What a listing tells of a table; null where nobody said.</summary>
internal sealed record TableFigures(long? Rows, long? Files, long? Bytes, long? Columns, DateTimeOffset? Updated, long? Snapshot)
{
    /// <summary>What the table's log tells.</summary>
    public static TableFigures Of(TableContent content) => new(
        content.Snapshot?.Rows, content.Files.Count, content.Files.Sum(file => file.Size), content.Snapshot?.Metadata.Schema.Fields.Count, content.Snapshot?.LastWrite?.Timestamp, content.Snapshot?.Version);
}
