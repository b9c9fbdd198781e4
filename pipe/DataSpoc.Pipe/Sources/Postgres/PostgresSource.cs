using DataSpoc.Contracts;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Postgres.Catalog;
using Npgsql;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>
/// Tables and views of a PostgreSQL database, all as of one instant. Rows come by binary COPY and are decoded into vectors. A table with a cursor goes on where the last run stopped; every
/// other is read whole, and its rows take the place of those before.
/// </summary>
/// <param name="address">Where it is.</param>
/// <param name="settings">What is read.</param>
internal sealed class PostgresSource(NpgsqlConnectionStringBuilder address, DatabaseSettings settings) : IDiscoverableSource
{
    private readonly string _where = PostgresAddress.Describe(address);

    public async Task<IReadOnlyList<DiscoveredStream>> DiscoverAsync(CancellationToken cancel)
    {
        await using var session = await ConnectAsync(cancel);
        return [.. (await StreamsAsync(session, cancel)).Select(stream => stream.Discovered())];
    }

    public ISource First(int rows) => new PostgresSource(address, settings with { RowLimit = rows, Incremental = false });

    public async Task<SourceSummary> ReadAsync(ISourceSink sink, CancellationToken cancel)
    {
        await using var session = await ConnectAsync(cancel);
        var streams = await StreamsAsync(session, cancel);
        await sink.StreamsAsync([.. streams.Select(stream => stream.Name)], cancel);
        var bookmark = settings.Incremental ? DatabaseBookmark.Parse(settings.State, address.Database!) : null;
        var reader = new StreamReader(session, settings, sink, _where);
        var summaries = new List<StreamSummary>();
        foreach (var stream in streams)
        {
            if (stream.Schema.Columns.Count == 0)
                summaries.Add(new(stream.Name, 0) { Notices = [$"`{stream.Name}` has no columns: nothing is read of it"] });
            else
                summaries.Add(await ReadAsync(reader, stream, bookmark, sink, cancel));
        }
        return new(summaries);
    }

    private async Task<StreamSummary> ReadAsync(StreamReader reader, PostgresStream stream, DatabaseBookmark? bookmark, ISourceSink sink, CancellationToken cancel)
    {
        try
        {
            return await reader.ReadAsync(stream, bookmark, cancel);
        }
        catch (StreamFailure failure)
        {
            await sink.FailedAsync(stream.Name, failure.Error, cancel);
        }
        catch (Exception exception) when (PostgresErrors.IsOne(exception))
        {
            var error = PostgresErrors.Reading(exception, _where, stream.Name);
            if (!PostgresErrors.IsOfStatement(exception))
                throw error;
            await sink.FailedAsync(stream.Name, error, cancel);
        }
        return new(stream.Name, reader.Rows);
    }

    private async Task<PostgresSession> ConnectAsync(CancellationToken cancel)
    {
        try
        {
            return await PostgresSession.OpenAsync(address, cancel);
        }
        catch (Exception exception) when (PostgresErrors.IsOne(exception))
        {
            throw PostgresErrors.Connecting(exception, _where);
        }
    }

    private async Task<IReadOnlyList<PostgresStream>> StreamsAsync(PostgresSession session, CancellationToken cancel)
    {
        try
        {
            var catalog = new PostgresCatalog(session.Main);
            var chosen = new StreamPatterns(settings.Streams).Choose(await catalog.TablesAsync(cancel), table => table.Names, table => table.Kind is 'r' or 'p' or 'f' && !table.IsPartition, _where);
            var tables = await catalog.DescribeAsync(chosen, cancel);
            var types = await catalog.TypesAsync(tables.SelectMany(table => table.Columns.Select(column => column.Type)), cancel);
            return [.. tables.Select(table => PostgresStream.Of(table, types, settings, _where))];
        }
        catch (Exception exception) when (PostgresErrors.IsOne(exception))
        {
            throw PostgresErrors.Reading(exception, _where, null);
        }
    }
}
