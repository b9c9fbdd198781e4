using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;

namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>Tables and views of an SQLite file, all as of one instant: one transaction reads them. A table with a cursor goes on where the last run stopped; every other is read whole.</summary>
/// <param name="path">The file.</param>
/// <param name="settings">What is read.</param>
internal sealed class SqliteSource(string path, DatabaseSettings settings) : IDiscoverableSource
{
    /// <summary>Bytes of long texts with which a chunk is full before it has all its rows.</summary>
    private const int MostTextBytes = 4 << 20;

    private string Name => Path.GetFileName(path);

    public Task<IReadOnlyList<DiscoveredStream>> DiscoverAsync(CancellationToken cancel) => Task.Run<IReadOnlyList<DiscoveredStream>>(
        () =>
        {
            using var database = Open();
            return [.. Streams(database).Select(stream => stream.Discovered())];
        },
        cancel);

    public ISource First(int rows) => new SqliteSource(path, settings with { RowLimit = rows, Incremental = false });

    // SQLite waits for its disk on the thread that asks
    public Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel) => Task.Run(() => ReadAllAsync(sink, cancel), cancel);

    private async Task<SourceSummary> ReadAllAsync(ISourceSink sink, CancellationToken cancel)
    {
        using var database = Open();
        var bookmark = settings.Incremental ? DatabaseBookmark.Parse(settings.State, Name) : null;
        var summaries = new List<StreamSummary>();
        var streams = Streams(database);
        await sink.StreamsAsync([.. streams.Select(stream => stream.Table.Name)], cancel);
        foreach (var stream in streams)
        {
            try
            {
                summaries.Add(await ReadAsync(database, stream, bookmark, sink, cancel));
            }
            catch (StreamFailure failure)
            {
                await sink.FailedAsync(stream.Table.Name, failure.Error, cancel);
                summaries.Add(new(stream.Table.Name, 0));
            }
        }
        return new(summaries);
    }

    private async Task<StreamSummary> ReadAsync(SqliteConnection database, SqliteStream stream, DatabaseBookmark? bookmark, ISourceSink sink, CancellationToken cancel)
    {
        var table = stream.Table.Name;
        var before = settings.Anew || stream.Cursor is null ? null : bookmark?.Of(table, stream.Cursor);
        var until = stream.Cursor is { } cursor && settings.RowLimit is null ? Greatest(database, table, cursor) : null;
        var schema = stream.Schema with { Replaces = settings.Incremental && before is null };
        await sink.SchemaAsync(schema, cancel);
        var rows = before is not null && until is null ? 0 : await CopyAsync(database, Select(stream, before?.Value, until), schema, stream, sink, cancel);
        await sink.CompletedAsync(table, cancel);
        if (bookmark is not null)
        {
            bookmark.Set(table, until is null ? before : new(stream.Cursor!) { Value = until });
            await sink.StateAsync(bookmark.Serialize(), true, cancel);
        }
        return new(table, rows);
    }

    private async Task<long> CopyAsync(SqliteConnection database, string sql, StreamSchema schema, SqliteStream stream, ISourceSink sink, CancellationToken cancel)
    {
        using var statement = database.Prepare(sql);
        var refusals = new RowRefusals(sink, schema.Stream);
        for (var (rows, rejected) = (0L, 0L); ;)
        {
            var chunk = sink.Rent(schema, cancel);
            var (more, refused) = Fill(statement, stream, chunk, refusals.LeavesOut);
            rows += chunk.Count;
            await sink.RowsAsync(schema, chunk, null, cancel);
            if (refused is not null && !await refusals.RejectAsync(new(RowJson.Of(statement, schema), refused.Message, null), cancel))
                throw new StreamFailure(Error(refused, rows + rejected + 1, stream));
            rejected += refused is null ? 0 : 1;
            if (!more)
                return rows;
        }
    }

    // a row that is refused ends the chunk before it
    private static (bool More, ValueRefused? Refused) Fill(SqliteStatement statement, SqliteStream stream, DataChunk chunk, bool leavesOut)
    {
        var row = 0;
        try
        {
            for (; row < DataChunk.Capacity && (row % 64 != 63 || chunk.TextBytes < MostTextBytes); row++)
            {
                if (!statement.Step())
                {
                    chunk.Count = row;
                    return (false, null);
                }
                for (var i = 0; i < stream.Readers.Count; i++)
                    stream.Readers[i].Write(statement, i, chunk.Writer(i), row, leavesOut);
            }
            chunk.Count = row;
            return (true, null);
        }
        catch (ValueRefused refused)
        {
            chunk.Count = row;
            return (true, refused);
        }
    }

    private UserError Error(ValueRefused refused, long row, SqliteStream stream) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{refused.Message}, in row {row} of `{stream.Table.Name}`"), refused) { Where = [("source", path), ("stream", stream.Table.Name)], Hint = refused.Hint };

    private string Select(SqliteStream stream, string? after, string? until)
    {
        var limit = settings.RowLimit is { } rows ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {rows}") : "";
        return $"SELECT {string.Join(", ", stream.Readers.Select(reader => Sql.Identifier(reader.Column.Name)))} FROM {Sql.Identifier(stream.Table.Name)}{Filter(stream, after, until)}{limit}";
    }

    private static string Filter(SqliteStream stream, string? after, string? until)
    {
        if (until is null)
            return "";
        var column = Sql.Identifier(stream.Cursor!);
        return after is null ? $" WHERE {column} <= {Literal(stream, until)} OR {column} IS NULL" : $" WHERE {column} > {Literal(stream, after)} AND {column} <= {Literal(stream, until)}";
    }

    private static string? Greatest(SqliteConnection database, string table, string cursor) =>
        database.Rows($"SELECT CASE typeof(m) WHEN 'real' THEN printf('%!.17g', m) ELSE CAST(m AS TEXT) END FROM (SELECT max({Sql.Identifier(cursor)}) AS m FROM {Sql.Identifier(table)})", 1)[0][0];

    // texts and numbers do not compare alike: a number's text must not become a text
    private static string Literal(SqliteStream stream, string value)
    {
        var type = stream.Readers.First(reader => reader.Column.Name == stream.Cursor).Type.Kind;
        if (type is not (LogicalKind.BigInt or LogicalKind.Double or LogicalKind.Decimal or LogicalKind.Boolean))
            return Sql.Literal(value);
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer.ToString(CultureInfo.InvariantCulture);
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? real.ToString("E16", CultureInfo.InvariantCulture)
            : throw new UserError($"`{value}` is no value of `{stream.Cursor}`, the cursor of `{stream.Table.Name}`") { ExitCode = ExitCode.Usage };
    }

    private SqliteConnection Open()
    {
        var database = SqliteConnection.Open(path);
        try
        {
            database.Execute("BEGIN");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private IReadOnlyList<SqliteStream> Streams(SqliteConnection database)
    {
        // shadow tables hold the inner life of virtual ones
        var shadows = database.Rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'", 1).Select(row => row[0]!).ToHashSet();
        var tables = database.Rows("SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", 2)
            .Where(row => !shadows.Contains(row[0]!)).Select(row => new SqliteTable(row[0]!, row[1] == "view")).ToArray();
        var chosen = new StreamPatterns(settings.Streams).Choose(tables, table => [table.Name], table => !table.IsView, path);
        return [.. chosen.Select(table => SqliteStream.Of(database, table with { Columns = ColumnsOf(database, table) }, settings, path))];
    }

    private static SqliteColumn[] ColumnsOf(SqliteConnection database, SqliteTable table) =>
        [.. database.Rows($"SELECT name, type, pk FROM pragma_table_xinfo({Sql.Literal(table.Name)}) WHERE hidden <> 1 ORDER BY cid", 3).Select(row => new SqliteColumn(row[0]!, row[1] ?? "", int.Parse(row[2]!, CultureInfo.InvariantCulture)))];
}
