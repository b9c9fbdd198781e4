using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>Opens tables of a bucket by the names they have in SQL.</summary>
/// <param name="store">The bucket.</param>
/// <param name="cache">Where objects of <c>s3://</c> are copied to.</param>
internal sealed class BucketTables(IObjectStore store, ObjectCache cache)
{
    /// <summary>
    /// Opens the newest snapshot of <c>curated.parcels_deliveries</c>, or of <c>parcels_deliveries</c> or <c>deliveries</c> where one table alone is called so.
    /// </summary>
    /// <exception cref="UserError">There is no such table, or several (<see cref="ExitCode.Usage"/>); or it cannot be read.</exception>
    public async Task<SourceTable> OpenAsync(Database database, Connection connection, string name, CancellationToken cancel)
    {
        var content = await ContentAsync(database, name, cancel);
        var mounted = await MountedAsync(connection, content, cancel);
        TableViews.Create(connection, [mounted]);
        return SourceTable.Describe(connection, content.Table.ToString(), new TableName(null, mounted.Schema, mounted.Name).ToString(), cancel) with
        {
            Input = content.Snapshot is { } snapshot ? $"{content.Table.Location.Folder}@{snapshot.Version}" : null,
            PartitionColumns = mounted.PartitionColumns,
            KeyColumns = content.Table.Entry?.PrimaryKey ?? [],
            MadeFrom = content.Snapshot?.LastWrite?.Write?.Inputs ?? [],
        };
    }

    /// <summary>Which files the newest snapshot of a table has.</summary>
    /// <exception cref="UserError">There is no such table, or several (<see cref="ExitCode.Usage"/>); or it cannot be read.</exception>
    public async Task<TableContent> ContentAsync(Database database, string name, CancellationToken cancel) =>
        await TableContent.ReadAsync(store, await FindAsync(name, cancel), new CheckpointReader(database), cache, null, cancel);

    /// <summary>The table with its files on this machine, as SQL mounts it.</summary>
    public async Task<MountedTable> MountedAsync(Connection connection, TableContent content, CancellationToken cancel) =>
        content.Mounted(connection, await content.LocalPathsAsync(cache, null, cancel));

    private async Task<CatalogTable> FindAsync(string written, CancellationToken cancel)
    {
        var name = TableName.Parse(written) is { Bucket: null } parsed ? parsed : throw Wrong($"`{written}` is not the name of a table", "write `layer.source_table`, such as `curated.parcels_deliveries`");
        var catalog = await BucketCatalog.ReadAsync(store, cancel);
        if (name.Schema is { } schema && await catalog.FindAsync(schema, name.Name, cancel) is { } found)
            return found;
        var named = name.Schema is null ? await catalog.FindByNameAsync(name.Name, cancel) : [];
        if (named.Count > 1)
            throw BucketCatalog.Ambiguous(named.Select(t => t.ToString()), written);
        if (named.Count == 1)
            return named[0];
        var all = (await catalog.ListAsync(cancel)).Select(t => t.ToString()).ToArray();
        var near = NearestName.Of(written, all);
        throw Wrong($"there is no table `{written}`", near is not null ? $"did you mean `{near}`?"
            : all.Length > 0 ? $"there are {string.Join(", ", all.Take(20).Select(t => $"`{t}`"))}" : "the bucket has no tables yet; `pipe ingest` brings some");
    }

    private UserError Wrong(string what, string hint) => new(what)
    {
        Where = [("bucket", store.Bucket.ToString())],
        Hint = hint,
        ExitCode = ExitCode.Usage,
    };
}
