using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Lens.Catalog;

/// <summary>Finds the tables that SQL names in one or several buckets.</summary>
internal sealed class TableResolver(BucketSet buckets)
{
    /// <summary>
    /// The table of a name: <c>bronze.raw.shop_orders</c>; <c>raw.shop_orders</c> in the default bucket, or in the one bucket that has it;
    /// <c>shop_orders</c> or <c>orders</c> where one table alone is called so.
    /// </summary>
    /// <returns>Null where it is the name of no table (it may be a system view's).</returns>
    /// <exception cref="UserError">Several tables are called so, or what is there may not be read.</exception>
    public async Task<ResolvedTable?> FindAsync(TableName name, CancellationToken cancel)
    {
        var found = name switch
        {
            { Bucket: { } bucket, Schema: { } schema } => await InSchemaAsync(buckets.Find(bucket) is { } one ? [one] : [], schema, name, cancel),
            { Schema: { } schema } => await InSchemaAsync(buckets.Preferred, schema, name, cancel),
            _ => await ByNameAsync(name, cancel),
        };
        return found.Count > 1 ? throw Ambiguous(found, name) : found.FirstOrDefault();
    }

    /// <summary>The table that a person names on the command line.</summary>
    /// <exception cref="UserError">It is no name, or there is none or more than one.</exception>
    public async Task<ResolvedTable> RequireAsync(string written, CancellationToken cancel)
    {
        var name = TableName.Parse(written) ?? throw new UserError($"`{written}` is not the name of a table") { Hint = "write it as in SQL: raw.shop_orders, or orders", ExitCode = ExitCode.Usage };
        return await FindAsync(name, cancel) ?? throw await UnknownAsync(name, cancel);
    }

    /// <summary>What a table is called without its layer: by its name in SQL, by the table's name alone, by both parts.</summary>
    public static IEnumerable<string> BareNames(ResolvedTable table) =>
        new[] { table.Table.Location.SqlTable, table.Table.Location.Table, table.Table.ExactName }.Distinct(StringComparer.Ordinal);

    /// <summary>What to say of a name that several tables have.</summary>
    public static UserError Ambiguous(IEnumerable<ResolvedTable> tables, TableName name) => BucketCatalog.Ambiguous(tables.Select(FullName), name.ToString());

    /// <summary>Every table of every bucket.</summary>
    /// <exception cref="UserError">None of the buckets may be read.</exception>
    public async Task<IReadOnlyList<ResolvedTable>> ListAsync(CancellationToken cancel) =>
        await GatherAsync(buckets.Buckets, catalog => catalog.ListAsync(cancel), table => table.Written, cancel);

    /// <summary>Whether a name can only be that of a table in a bucket, so that not finding it is an error.</summary>
    public bool MustBeTable(TableName name) =>
        name.Schema is { } schema && (schema.Equals(ModelList.Schema, StringComparison.OrdinalIgnoreCase) || LayerNames.Find(schema.ToLowerInvariant()) is not null) && (name.Bucket is null || buckets.Find(name.Bucket) is not null);

    /// <summary>What to say of a name that is no table's: the nearest ones, and what there is.</summary>
    public async Task<UserError> UnknownAsync(TableName name, CancellationToken cancel)
    {
        if (name.Name.Contains('/', StringComparison.Ordinal) || name.Name.Contains('.', StringComparison.Ordinal))
            return new($"`{name.Name}` is not a table: a query reads the tables of its buckets, not files")
            {
                Hint = $"bring a file into a bucket with `pipe ingest {name.Name} --to BUCKET`",
            };
        if (buckets.Buckets.Count == 0)
            return new($"there is no table `{name}`, as no bucket is known")
            {
                Hint = "name one with `--bucket URI`, or write `buckets:` into lens.yaml",
                ExitCode = ExitCode.Usage,
            };
        var known = await ListAsync(cancel);
        var names = known.Select(table => Spelled(table, name)).Append($"{ModelList.Schema}.{ModelList.Name}").ToArray();
        var near = NearestName.Of(name.ToString(), names) ?? NearestTable(name, known);
        return new($"there is no table `{name}`")
        {
            Where = [.. buckets.Buckets.Select(bucket => ("bucket", $"{bucket.Store.Bucket} ({There(known.Where(table => table.Bucket == bucket))})"))],
            Hint = near is not null ? $"did you mean `{near}`?" : known.Count == 0 ? "`pipe ingest` brings tables into a bucket" : "`show all tables` lists them",
        };
    }

    private static string There(IEnumerable<ResolvedTable> tables)
    {
        const int Shown = 5;
        var names = tables.Select(table => table.Table.ToString()).ToArray();
        return names.Length == 0 ? "no tables" : string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? $" and {names.Length - Shown} more" : "");
    }

    // the same table in another layer or bucket, or one of a similar name in any
    private string? NearestTable(TableName name, IReadOnlyList<ResolvedTable> known)
    {
        var wanted = name.Name.ToLowerInvariant();
        var same = known.FirstOrDefault(table => table.Table.Name == wanted || table.Table.Location.Table == wanted)
            ?? (NearestName.Of(wanted, known.SelectMany(table => new[] { table.Table.Name, table.Table.Location.Table })) is { } near
                ? known.First(table => table.Table.Name == near || table.Table.Location.Table == near)
                : null);
        return same is null ? null : buckets.Buckets.Count == 1 ? same.Table.ToString() : FullName(same);
    }

    private static string Spelled(ResolvedTable table, TableName like) =>
        like switch { { Bucket: not null } => FullName(table), { Schema: not null } => table.Table.ToString(), _ => new TableName(null, null, table.Table.Name).ToString() };

    private static string FullName(ResolvedTable table) => new TableName(table.Bucket.Name, table.Table.Schema, table.Table.Name).ToString();

    private static Task<List<ResolvedTable>> InSchemaAsync(IReadOnlyList<NamedBucket> among, string schema, TableName name, CancellationToken cancel) =>
        LayerNames.Find(schema.ToLowerInvariant()) is null
            ? Task.FromResult<List<ResolvedTable>>([])
            : GatherAsync(among, async catalog => await catalog.FindAsync(schema, name.Name, cancel) is { } table ? [table] : [], _ => name, cancel);

    private Task<List<ResolvedTable>> ByNameAsync(TableName name, CancellationToken cancel) =>
        GatherAsync(buckets.Buckets, catalog => catalog.FindByNameAsync(name.Name, cancel), _ => name, cancel);

    // a bucket that may not be read does not stand in the way of those that may
    private static async Task<List<ResolvedTable>> GatherAsync(
        IReadOnlyList<NamedBucket> among, Func<BucketCatalog, Task<IReadOnlyList<CatalogTable>>> find, Func<ResolvedTable, TableName> written, CancellationToken cancel)
    {
        var found = new List<ResolvedTable>();
        UserError? denied = null;
        foreach (var bucket in among)
        {
            try
            {
                foreach (var table in await find(bucket.Catalog))
                    found.Add(new(new(bucket.Name, table.Schema, table.Name), bucket, table));
            }
            catch (UserError error) when (error.ExitCode == ExitCode.NotPermitted && among.Count > 1)
            {
                denied ??= error;
            }
        }
        if (found.Count == 0 && denied is not null)
            throw denied;
        return [.. found.Select(table => table with { Written = written(table) })];
    }
}
