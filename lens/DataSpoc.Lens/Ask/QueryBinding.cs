using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Scanning;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Ask;

/// <summary>Checks a query against the catalog: it is bound over empty tables, under the guard, before any data is read. So what is wrong with it holds no value of any row.</summary>
/// <param name="buckets">Where its tables are.</param>
/// <param name="cache">The user's cache.</param>
internal sealed class QueryBinding(BucketSet buckets, ObjectCache cache)
{
    /// <summary>What is wrong with the query; null where it can be run.</summary>
    /// <exception cref="UserError">A table may not be read.</exception>
    public async Task<UserError?> ErrorAsync(string sql, CancellationToken cancel)
    {
        using var database = Database.Open(new() { Threads = 1, MemoryLimit = "256MB" });
        using var connection = database.Connect();
        var loader = new TableLoader(buckets, cache);
        try
        {
            var selection = await loader.LoadAsync(QueryNames.In(connection, sql), new CheckpointReader(database), cancel);
            var tables = new List<Contracts.DuckDb.Mounting.MountedTable>();
            foreach (var table in selection.Loaded)
            {
                if (table is { IsDistant: true, Content.Snapshot: null })
                    await new DistantTable(cache, table.Content).FetchFootersAsync(null, cancel);
                tables.Add(TableMounts.Named(table.Content.Mounted(connection, table.IsDistant ? table.Content.CopyPaths(cache) : table.Paths), table.Table));
            }
            TableMounts.Outline(connection, selection, [.. tables.DistinctBy(table => (table.Bucket, table.Schema, table.Name))], buckets);
            Lockdown.Apply(connection, []);
            StatementGuard.Checked(connection, sql);
            return null;
        }
        catch (UserError error) when (error.ExitCode is ExitCode.Usage or ExitCode.Failed)
        {
            return error;
        }
        catch (DuckDbException error)
        {
            return QueryErrors.MissingTable(error) is { } name ? await loader.UnknownAsync(new(null, null, name), cancel) : QueryErrors.Explain(error);
        }
    }
}
