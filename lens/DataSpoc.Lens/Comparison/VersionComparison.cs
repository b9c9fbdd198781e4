using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Lens.Catalog;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Comparison;

/// <summary>Compares two versions of a table. Only files that one version has and the other has not are read.</summary>
internal sealed class VersionComparison(ResolvedTable table, Database database, ObjectCache cache)
{
    private const string Before = "older";
    private const string After = "newer";

    /// <summary>Reads the versions and tells what differs.</summary>
    /// <param name="from">The older one; null is the one before <paramref name="to"/>.</param>
    /// <param name="to">The newer one; null is the newest.</param>
    /// <param name="key">Columns that identify a row; none compares whole rows.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="UserError">A version or its files are not there, or the key is no column.</exception>
    public async Task<IReadOnlyList<TableDifference>> RunAsync(AsOf? from, AsOf? to, IReadOnlyList<string> key, CancellationToken cancel)
    {
        var newer = await ReadAsync(to, cancel);
        var older = await ReadAsync(from ?? Previous(newer), cancel);
        var found = new List<TableDifference>
        {
            new("version", null, Text(older.Snapshot!.Version), Text(newer.Snapshot!.Version)),
            new("committed", null, Time(older), Time(newer)),
            new("files", null, Text(older.Files.Count), Text(newer.Files.Count)),
            new("rows", null, Text(older.Snapshot.Rows), Text(newer.Snapshot.Rows)),
        };
        found.AddRange(Columns(older, newer));
        found.AddRange(await RowsAsync(older, newer, key, cancel));
        return found;
    }

    private async Task<TableContent> ReadAsync(AsOf? asOf, CancellationToken cancel)
    {
        var content = await TableContent.ReadAsync(table.Bucket.Store, table.Table, new CheckpointReader(database), cache, asOf, cancel);
        return content.Snapshot is not null ? content : throw new UserError($"table `{table.Table}` has no versions: it is a folder of files without a log") { Where = [("bucket", table.Bucket.Store.Bucket.ToString())] };
    }

    private static AsOf Previous(TableContent newer) => newer.Snapshot!.Version > 0 ? new(newer.Snapshot.Version - 1, null)
        : throw new UserError($"table `{newer.Table}` has had one version only") { Hint = "there is nothing to compare it with" };

    private static IEnumerable<TableDifference> Columns(TableContent older, TableContent newer)
    {
        var before = older.Snapshot!.Metadata.Schema.Fields.ToDictionary(field => field.Name, field => StorageTypes.FromDelta(field.Type).ToString());
        var after = newer.Snapshot!.Metadata.Schema.Fields.ToDictionary(field => field.Name, field => StorageTypes.FromDelta(field.Type).ToString());
        return before.Keys.Concat(after.Keys).Distinct(StringComparer.Ordinal)
            .Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name))
            .Select(name => new TableDifference("column", name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)));
    }

    private async Task<IReadOnlyList<TableDifference>> RowsAsync(TableContent older, TableContent newer, IReadOnlyList<string> key, CancellationToken cancel)
    {
        var shared = older.Files.Select(file => file.Key).Intersect(newer.Files.Select(file => file.Key), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        using var connection = database.Connect();
        var before = await MountAsync(connection, older, shared, Before, cancel);
        var after = await MountAsync(connection, newer, shared, After, cancel);
        var common = before.Columns.Select(column => column.Name).Intersect(after.Columns.Select(column => column.Name), StringComparer.OrdinalIgnoreCase).ToArray();
        foreach (var column in key.Where(column => !common.Contains(column, StringComparer.OrdinalIgnoreCase)))
            throw new UserError($"`{column}` is not a column of both versions") { Hint = $"there is {string.Join(", ", common.Select(name => $"`{name}`"))}", ExitCode = ExitCode.Usage };
        return key.Count == 0 ? WholeRows(connection, common, cancel) : Keys(connection, common, key, cancel);
    }

    private async Task<MountedTable> MountAsync(Connection connection, TableContent content, HashSet<string> shared, string schema, CancellationToken cancel)
    {
        var own = content with { Files = [.. content.Files.Where(file => !shared.Contains(file.Key))] };
        var mounted = own.Mounted(connection, await own.LocalPathsAsync(cache, null, cancel)) with { Schema = schema, Name = "rows" };
        TableViews.Create(connection, [mounted]);
        return mounted;
    }

    private static IReadOnlyList<TableDifference> WholeRows(Connection connection, IReadOnlyList<string> columns, CancellationToken cancel)
    {
        var list = string.Join(", ", columns.Select(SqlText.Identifier));
        return [
            new("rows added", null, null, Count(connection, $"FROM (SELECT {list} FROM {After}.rows EXCEPT ALL SELECT {list} FROM {Before}.rows)", cancel)),
            new("rows removed", null, Count(connection, $"FROM (SELECT {list} FROM {Before}.rows EXCEPT ALL SELECT {list} FROM {After}.rows)", cancel), null),
        ];
    }

    private static IReadOnlyList<TableDifference> Keys(Connection connection, IReadOnlyList<string> columns, IReadOnlyList<string> key, CancellationToken cancel)
    {
        var same = string.Join(" AND ", key.Select(column => $"a.{SqlText.Identifier(column)} IS NOT DISTINCT FROM b.{SqlText.Identifier(column)}"));
        var others = columns.Except(key, StringComparer.OrdinalIgnoreCase).Select(column => $"a.{SqlText.Identifier(column)} IS DISTINCT FROM b.{SqlText.Identifier(column)}").DefaultIfEmpty("false");
        var changed = Count(connection, $"FROM {Before}.rows a JOIN {After}.rows b ON {same} WHERE {string.Join(" OR ", others)}", cancel);
        return [
            new("keys added", null, null, Count(connection, $"FROM {After}.rows a ANTI JOIN {Before}.rows b ON {same}", cancel)),
            new("keys removed", null, Count(connection, $"FROM {Before}.rows a ANTI JOIN {After}.rows b ON {same}", cancel), null),
            new("keys changed", null, changed, changed),
        ];
    }

    private static string Count(Connection connection, string from, CancellationToken cancel)
    {
        using var answer = connection.Query($"SELECT count(*) {from}", cancel);
        return answer.NextChunk() ? Text((long)answer.GetValue(0, 0)!)! : "0";
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Time(TableContent content) => content.Snapshot!.LastWrite?.Timestamp?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
