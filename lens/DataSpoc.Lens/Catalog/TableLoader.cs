using System.Collections.Concurrent;
using DataSpoc.Contracts;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Catalog;

/// <summary>Finds the tables that a query names, and which files they have.</summary>
/// <param name="buckets">Where they are.</param>
/// <param name="cache">The user's cache.</param>
internal sealed class TableLoader(BucketSet buckets, ObjectCache cache)
{
    /// <summary>The instant that tables are read at; null is now.</summary>
    public AsOf? AsOf { get; init; }

    /// <summary>Whether one file of each table is enough, the smallest: some rows are wanted, whichever they are.</summary>
    public bool OnlySmallestFile { get; init; }

    private const int TablesAtOnce = 8;
    private readonly TableResolver _resolver = new(buckets);

    /// <summary>Reads what a query names, and lists the rest where it asks for it.</summary>
    /// <param name="names">What the query names.</param>
    /// <param name="checkpoints">Reads the Parquet checkpoints of other writers.</param>
    /// <param name="cancel">Ends the loading.</param>
    /// <exception cref="UserError">A table that it surely names is not there, or cannot or may not be read.</exception>
    public async Task<TableSelection> LoadAsync(QueryNames names, ICheckpointReader checkpoints, CancellationToken cancel)
    {
        var failed = new ConcurrentBag<(TableName, UserError)>();
        var wanted = names.Tables is { } tables ? await FindAsync(tables, cancel) : await FindMentionedAsync(names, failed, cancel);
        var loaded = await LoadAsync(wanted, names.Tables is null ? failed : null, checkpoints, cancel);
        var models = await ModelsAsync(names, cancel);
        if (!names.AsksForCatalog)
            return new(loaded, [], [.. failed]) { Models = models };
        var known = wanted.Select(table => table.View).ToHashSet();
        var others = (await _resolver.ListAsync(cancel)).Where(table => !known.Contains(table.View)).ToArray();
        // what no manifest tells the columns of has to be looked at
        var looked = await LoadAsync([.. others.Where(table => table.Table.Declared is null)], failed, checkpoints, cancel);
        return new([.. loaded, .. looked], [.. others.Where(table => table.Table.Declared is not null)], [.. failed]) { Models = [.. models.Where(list => list.Rows.Count > 0)] };
    }

    /// <summary>What to say of a name that turned out to be no table's.</summary>
    public Task<UserError> UnknownAsync(TableName name, CancellationToken cancel) => _resolver.UnknownAsync(name, cancel);

    private async Task<List<ResolvedTable>> FindAsync(IReadOnlyList<TableName> names, CancellationToken cancel)
    {
        var found = new List<ResolvedTable>();
        foreach (var name in names)
        {
            if (await _resolver.FindAsync(name, cancel) is { } table)
                found.Add(table);
            else if (_resolver.MustBeTable(name) && !IsModels(name))
                throw await _resolver.UnknownAsync(name, cancel);
        }
        return found;
    }

    private async Task<IReadOnlyList<ModelList>> ModelsAsync(QueryNames names, CancellationToken cancel)
    {
        var named = names.Tables?.Where(IsModels).ToArray();
        var among = names.AsksForCatalog || (named is null && names.Mentions.Contains(ModelList.Name)) ? buckets.Buckets
            : named is { Length: > 0 } ? [.. buckets.Buckets.Where(bucket => named.Any(name => name.Bucket is null ? buckets.Preferred.Contains(bucket) : buckets.Find(name.Bucket) == bucket))]
            : [];
        var lists = new List<ModelList>();
        foreach (var bucket in among)
            if (await ModelsOfAsync(bucket, mustBeReadable: named is { Length: > 0 }, cancel) is { } list)
                lists.Add(list);
        var without = named?.FirstOrDefault(name => name.Bucket is null);
        var having = lists.Where(list => list.Rows.Count > 0).ToArray();
        if (without is null || buckets.Preferred.Count < 2)
            return lists;
        return having.Length > 1 ? throw BucketCatalog.Ambiguous(having.Select(list => $"{TableName.Parse(list.Bucket.Name)}.{ModelList.Schema}.{ModelList.Name}"), without.ToString()) : having;
    }

    private static async Task<ModelList?> ModelsOfAsync(NamedBucket bucket, bool mustBeReadable, CancellationToken cancel)
    {
        try
        {
            return await ModelDocuments.ReadAsync(bucket, cancel);
        }
        catch (UserError error) when (error.ExitCode == ExitCode.NotPermitted && !mustBeReadable)
        {
            return null;
        }
    }

    private static bool IsModels(TableName name) =>
        ModelList.Schema.Equals(name.Schema, StringComparison.OrdinalIgnoreCase) && ModelList.Name.Equals(name.Name, StringComparison.OrdinalIgnoreCase);

    private async Task<List<ResolvedTable>> FindMentionedAsync(QueryNames names, ConcurrentBag<(TableName, UserError)> failed, CancellationToken cancel)
    {
        var mentioned = (await _resolver.ListAsync(cancel)).Where(table => TableResolver.BareNames(table).Any(names.Mentions.Contains)).ToList();
        foreach (var same in mentioned.SelectMany(table => TableResolver.BareNames(table).Where(names.Mentions.Contains), (table, name) => (table, name)).GroupBy(pair => pair.name, pair => pair.table).ToArray())
        {
            var bare = new TableName(null, null, same.Key);
            if (same.Count() == 1)
                mentioned.Add(same.Single() with { Written = bare });
            else
                failed.Add((bare, TableResolver.Ambiguous(same, bare)));
        }
        return mentioned;
    }

    private async Task<List<LoadedTable>> LoadAsync(List<ResolvedTable> tables, ConcurrentBag<(TableName, UserError)>? failed, ICheckpointReader checkpoints, CancellationToken cancel)
    {
        var contents = new TableContent?[tables.Count];
        if (contents.Length == 1)
            contents[0] = await ReadAsync(tables[0], failed, checkpoints, cancel);
        else
            await Parallel.ForAsync(0, contents.Length, new ParallelOptions { MaxDegreeOfParallelism = TablesAtOnce, CancellationToken = cancel },
                async (i, token) => contents[i] = await ReadAsync(tables[i], failed, checkpoints, token));
        var loaded = new List<LoadedTable>();
        for (var i = 0; i < contents.Length; i++)
            if (contents[i] is { } content)
                loaded.Add(LoadedTable.Of(tables[i], content));
        return loaded;
    }

    private async Task<TableContent?> ReadAsync(ResolvedTable table, ConcurrentBag<(TableName, UserError)>? failed, ICheckpointReader checkpoints, CancellationToken cancel)
    {
        try
        {
            var content = await TableContent.ReadAsync(table.Bucket.Store, table.Table, checkpoints, cache, AsOf, cancel);
            return OnlySmallestFile ? content with { Files = [.. content.Files.OrderBy(file => file.Size).Take(1)] } : content;
        }
        catch (UserError error) when (failed is not null)
        {
            failed.Add((table.Written, error));
            return null;
        }
    }
}
