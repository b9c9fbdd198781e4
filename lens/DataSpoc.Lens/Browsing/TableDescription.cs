using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Browsing;

/// <summary>Everything that is known of a table without reading its rows.</summary>
/// <param name="Table">Which it is.</param>
/// <param name="Figures">Rows, files, bytes, age.</param>
/// <param name="Columns">In order.</param>
/// <param name="UsedBy">Tables that were made from it, as written in SQL.</param>
internal sealed record TableDescription(ResolvedTable Table, TableFigures Figures, IReadOnlyList<DescribedColumn> Columns, IReadOnlyList<string> UsedBy)
{
    /// <summary>Reads it: the log of the table, and the manifests for its lineage.</summary>
    /// <exception cref="Contracts.UserError">The table cannot or may not be read.</exception>
    public static async Task<TableDescription> ReadAsync(ResolvedTable table, TableResolver resolver, Database database, ObjectCache cache, CancellationToken cancel)
    {
        var content = await TableContent.ReadAsync(table.Bucket.Store, table.Table, new CheckpointReader(database), cancel);
        var figures = TableFigures.Of(content) with { Updated = content.Snapshot?.LastWrite?.Timestamp ?? table.Table.Entry?.Statistics.LastExtraction };
        if (content.Snapshot is null && table.Table.Entry is { } entry)
            figures = figures with { Rows = entry.Statistics.TotalRows };
        using var connection = database.Connect();
        // a folder without a log tells its columns only in its files
        var paths = content.Snapshot is null ? await content.LocalPathsAsync(cache, null, cancel) : [.. content.Files.Select(file => file.Key)];
        var mounted = content.Mounted(connection, paths);
        var columns = mounted.Columns.Select(column => ColumnOf(column.Name, column.Type.ToString(), table.Table, content, mounted.PartitionColumns)).ToArray();
        var used = (await resolver.ListAsync(cancel)).Where(other => other.Bucket == table.Bucket && other.Table.Entry is { } made && made.Inputs.Any(input => input.Split('@')[0] == table.Table.Location.Folder));
        return new(table, figures with { Columns = columns.Length }, columns, [.. used.Select(other => other.Table.ToString())]);
    }

    private static DescribedColumn ColumnOf(string name, string type, CatalogTable table, TableContent content, IReadOnlyList<string> partitions)
    {
        var entry = table.Entry?.Columns.FirstOrDefault(column => column.Name == name);
        var partition = partitions.Contains(name, StringComparer.OrdinalIgnoreCase);
        var bounds = content.Snapshot?.Files.Values.ToArray() ?? [];
        var nulls = bounds.Length > 0 && bounds.All(file => file.Statistics?.NullCount?[name] is JsonValue) ? bounds.Sum(file => (long?)file.Statistics!.NullCount![name]) : null;
        var (min, max) = partition
            ? (content.Files.Min(file => file.Partition.GetValueOrDefault(name)), content.Files.Max(file => file.Partition.GetValueOrDefault(name)))
            : (ValueBounds.Smallest(bounds.Select(file => file.Statistics?.MinValues?[name])), ValueBounds.Largest(bounds.Select(file => file.Statistics?.MaxValues?[name])));
        return new(name, type, entry?.Nullable ?? true, table.Entry?.PrimaryKey.Contains(name) ?? false, partition) { Nulls = partition ? null : nulls, Min = min, Max = max };
    }
}

/// <summary>A column of a described table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">As SQL writes it.</param>
/// <param name="Nullable">Whether it may be NULL.</param>
/// <param name="Key">Whether it is part of what identifies a row.</param>
/// <param name="Partition">Whether files are parted by it.</param>
internal sealed record DescribedColumn(string Name, string Type, bool Nullable, bool Key, bool Partition)
{
    /// <summary>Rows in which it is NULL; null where not all files tell.</summary>
    public long? Nulls { get; init; }

    /// <summary>No value is smaller; null where not all files tell.</summary>
    public string? Min { get; init; }

    /// <summary>No value is larger; null where not all files tell.</summary>
    public string? Max { get; init; }
}
