using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.DuckDb.Scanning;

namespace DataSpoc.Lens.Catalog;

/// <summary>Brings what a query reads of distant tables to this machine: parts of files, kept in the user's cache.</summary>
/// <param name="cache">The user's cache.</param>
/// <param name="fetched">Told the bytes of each piece that was copied.</param>
internal sealed class TableCopies(ObjectCache cache, Action<long>? fetched)
{
    /// <summary>Whether whole files are copied, because parts turned out not to be enough.</summary>
    public bool Whole { get; init; }

    /// <summary>Reads files where they are, without copies; null copies.</summary>
    public DirectAccess? Direct { get; init; }

    /// <summary>The same tables, with those files that the query may find rows in, here.</summary>
    /// <param name="sql">The query, not yet trusted.</param>
    /// <param name="selection">Its tables.</param>
    /// <param name="buckets">Where names without bucket are looked for.</param>
    /// <param name="connection">Not locked yet.</param>
    /// <param name="cancel">Ends the copying.</param>
    /// <exception cref="Contracts.UserError">A file is gone or may not be read; or the text is not one query.</exception>
    public async Task<TableSelection> BringAsync(string sql, TableSelection selection, BucketSet buckets, Connection connection, CancellationToken cancel)
    {
        Direct?.Open(connection);
        if (!selection.Loaded.Any(table => table.IsDistant))
            return selection;
        if (Direct is not null)
            return selection with { Loaded = [.. selection.Loaded.Select(table => table.IsDistant ? table with { Paths = [.. table.Content.Files.Select(file => DirectAccess.Url(table.Content.Store.Bucket, file.Key))] } : table)] };
        var distant = selection.Loaded.Select(table => table.IsDistant ? new DistantTable(cache, table.Content) : null).ToArray();
        foreach (var table in distant)
            if (table is { Content.Snapshot: null })
                await table.FetchFootersAsync(fetched, cancel);
        var placed = selection with { Loaded = [.. selection.Loaded.Zip(distant, (table, copy) => copy is null ? table : table with { Paths = copy.Paths })] };
        var mounted = placed.Loaded.Select(table => TableMounts.Named(table.Content.Mounted(connection, table.Paths), table.Table)).ToArray();
        var needs = Whole ? null : Plan(sql, placed, buckets, [.. mounted.DistinctBy(table => (table.Bucket, table.Schema, table.Name))]);
        var brought = new List<LoadedTable>();
        for (var i = 0; i < mounted.Length; i++)
        {
            var need = needs?.FirstOrDefault(pair => (pair.Key.Bucket, pair.Key.Schema, pair.Key.Name) == (mounted[i].Bucket, mounted[i].Schema, mounted[i].Name)).Value ?? TableNeeds.Everything;
            var copy = distant[i] is { Content.Snapshot: not null } table ? table.Selected(connection, mounted[i], need) : distant[i];
            if (copy is not null)
                await copy.FetchAsync(connection, mounted[i], need, fetched, cancel);
            brought.Add(copy is null ? placed.Loaded[i] : placed.Loaded[i] with { Content = copy.Content, Paths = copy.Paths });
        }
        return placed with { Loaded = brought };
    }

    private static IReadOnlyDictionary<MountedTable, TableNeeds> Plan(string sql, TableSelection selection, BucketSet buckets, IReadOnlyCollection<MountedTable> tables)
    {
        using var database = Database.Open(new() { Threads = 1, MemoryLimit = "256MB" });
        using var connection = database.Connect();
        QueryPlan.Prepare(connection, outline => TableMounts.Outline(outline, selection, tables, buckets));
        return QueryPlan.Needs(connection, sql, tables);
    }
}
