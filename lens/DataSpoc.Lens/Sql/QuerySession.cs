using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Export;

namespace DataSpoc.Lens.Sql;

/// <summary>
/// One guarded query: a database of its own that holds the tables the query names and can read nothing else. Made for each query anew, because what a
/// locked connection may read cannot be changed any more.
/// </summary>
internal sealed class QuerySession : IDisposable
{
    private static readonly string[] s_unreadable = ["parquet", "TProtocolException", "ZSTD", "Snappy", "decompress", "magic bytes", "out of buffer"];
    private readonly Database _database;
    private readonly Connection _connection;
    private readonly TableLoader _loader;
    private readonly string _sql;
    private readonly Permissions _permissions;
    private TableSelection _tables = TableSelection.None;

    private QuerySession(string sql, Database database, TableLoader loader, Permissions permissions)
    {
        _sql = sql;
        _permissions = permissions;
        _database = database;
        _connection = database.Connect();
        // rows are shown when they are there, not when 30 vectors of them are
        _connection.Execute("SET streaming_buffer_size = '1KB'");
        _loader = loader;
    }

    /// <summary>Mounts what the query names and locks the connection.</summary>
    /// <param name="sql">The query, not yet trusted.</param>
    /// <param name="buckets">Where its tables are.</param>
    /// <param name="loader">Finds them.</param>
    /// <param name="copies">Brings what it reads of distant ones.</param>
    /// <param name="opening">DuckDB, being started; the session disposes it.</param>
    /// <param name="permissions">What it may do besides.</param>
    /// <param name="cancel">Ends the preparation.</param>
    /// <exception cref="UserError">A table is not there, or cannot or may not be read.</exception>
    public static async Task<QuerySession> OpenAsync(string sql, BucketSet buckets, TableLoader loader, TableCopies copies, Task<Database> opening, Permissions permissions, CancellationToken cancel)
    {
        var session = new QuerySession(sql, await opening, loader, permissions);
        try
        {
            var names = QueryNames.In(session._connection, sql);
            var checkpoints = new CheckpointReader(session._database);
            session._tables = await copies.BringAsync(sql, await loader.LoadAsync(names, checkpoints, cancel), buckets, session._connection, cancel);
            TableMounts.Create(session._connection, session._tables, buckets);
            if (!permissions.Unguarded)
                Lockdown.Apply(session._connection, session._tables.Loaded.SelectMany(table => table.Paths), permissions.ExportTo);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the query.</summary>
    /// <exception cref="UserError">It is not exactly one query.</exception>
    /// <exception cref="DuckDbException">It fails; <see cref="ExplainAsync"/> tells why.</exception>
    public ResultReader Run(CancellationToken cancel) =>
        _permissions.Unguarded ? _connection.Query(_sql, cancel) : StatementGuard.Query(_connection, _sql, cancel);

    /// <summary>Runs another query over the same tables.</summary>
    /// <inheritdoc cref="Run"/>
    public ResultReader Query(string sql, CancellationToken cancel) => StatementGuard.Query(_connection, sql, cancel);

    /// <summary>Runs the query into a Parquet file.</summary>
    /// <returns>The rows.</returns>
    /// <exception cref="UserError">It is not exactly one query.</exception>
    /// <exception cref="DuckDbException">It fails; <see cref="ExplainAsync"/> tells why.</exception>
    public long RunToParquet(string path, long? limit, CancellationToken cancel)
    {
        return ParquetExport.Run(_connection, StatementGuard.Checked(_connection, _sql), limit, path, cancel);
    }

    /// <summary>
    /// Whether a failure may be that of a file that is not as it was planned: replaced since the table's log was read, or copied in parts that were not enough.
    /// </summary>
    public bool MayBeStale(DuckDbException error) =>
        _tables.Loaded.Any(table => table.IsDistant ? error.Error is not (DuckDbError.Binder or DuckDbError.Catalog or DuckDbError.Parser) && IsOfParquet(error.Message) : table.Paths.Any(path => !File.Exists(path)));

    private static bool IsOfParquet(string message) => s_unreadable.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>What DuckDB's failure means for the person who wrote the query.</summary>
    public async Task<UserError> ExplainAsync(DuckDbException error, CancellationToken cancel)
    {
        if (QueryErrors.MissingTable(error) is { } name)
        {
            foreach (var (failed, why) in _tables.Failed)
                if (failed.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    return why;
            return await _loader.UnknownAsync(new(null, null, name), cancel);
        }
        foreach (var table in _tables.Loaded)
            for (var i = 0; i < table.Paths.Count; i++)
                if (error.Message.Contains(table.Paths[i], StringComparison.Ordinal))
                    return File.Exists(table.Paths[i])
                        ? QueryErrors.UnreadableFile(error, table, table.Content.Files[i].Key)
                        : QueryErrors.VanishedFile(error, table, table.Content.Files[i].Key);
        return QueryErrors.Explain(error);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }
}
