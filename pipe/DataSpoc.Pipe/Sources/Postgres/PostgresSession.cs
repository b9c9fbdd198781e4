using System.Globalization;
using Npgsql;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>
/// One instant of a database: a transaction that reads only and exports its snapshot (PostgreSQL, "Snapshot Synchronization Functions"), and as many connections as read at once, which
/// all import it. What other sessions commit meanwhile is not seen by any of them.
/// </summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    // text forms that do not depend on the server's settings; a snapshot that is only held must not be ended for being idle
    private const string Settings = """
        SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';
        SET LOCAL standard_conforming_strings = on; SET LOCAL idle_in_transaction_session_timeout = 0
        """;

    private readonly NpgsqlDataSource _database;
    private readonly Stack<NpgsqlConnection> _idle = new();
    private readonly Lock _gate = new();
    private readonly string _snapshot;

    private PostgresSession(NpgsqlDataSource database, NpgsqlConnection main, string snapshot, string timeZone) =>
        (_database, Main, _snapshot, TimeZone) = (database, main, snapshot, timeZone);

    /// <summary>The connection that holds the snapshot; for short questions.</summary>
    public NpgsqlConnection Main { get; }

    /// <summary>The zone of the database's own clock: times without zone are most likely of it.</summary>
    public string TimeZone { get; }

    /// <summary>Whether reading a range of pages costs no more than these pages (PostgreSQL 14).</summary>
    public bool ReadsRanges => Main.PostgreSqlVersion.Major >= 14;

    /// <summary>Connects and takes the snapshot.</summary>
    public static async Task<PostgresSession> OpenAsync(NpgsqlConnectionStringBuilder address, CancellationToken cancel)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(address.ConnectionString);
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        var database = builder.Build();
        NpgsqlConnection? main = null;
        try
        {
            main = await database.OpenConnectionAsync(cancel);
            var timeZone = (string)(await ScalarAsync(main, "SELECT pg_catalog.current_setting('TimeZone')", cancel))!;
            await ExecuteAsync(main, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" + Settings, cancel);
            var snapshot = (string)(await ScalarAsync(main, "SELECT pg_catalog.pg_export_snapshot()", cancel))!;
            return new(database, main, snapshot, timeZone);
        }
        catch
        {
            await DisposeAsync(main, database);
            throw;
        }
    }

    /// <summary>A connection in the snapshot, for one reader. Give it back by <see cref="Return"/>, or dispose it where its statement failed.</summary>
    public async Task<NpgsqlConnection> RentAsync(CancellationToken cancel)
    {
        lock (_gate)
            if (_idle.TryPop(out var idle))
                return idle;
        var connection = await _database.OpenConnectionAsync(cancel);
        try
        {
            // the name is the server's own: hexadecimal digits and dashes
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '{_snapshot}';") + Settings, cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public void Return(NpgsqlConnection connection)
    {
        lock (_gate)
            _idle.Push(connection);
    }

    /// <summary>The first value of the first row, or null.</summary>
    public async Task<object?> ScalarAsync(string sql, CancellationToken cancel) => await ScalarAsync(Main, sql, cancel);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _idle)
            await connection.DisposeAsync();
        await DisposeAsync(Main, _database);
    }

    private static async ValueTask DisposeAsync(NpgsqlConnection? main, NpgsqlDataSource database)
    {
        if (main is not null)
            await main.DisposeAsync();
        await database.DisposeAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancel) is { } value and not DBNull ? value : null;
    }
}
