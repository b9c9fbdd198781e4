using System.Diagnostics;
using System.Globalization;
using DataSpoc.Pipe.Sources.Postgres;
using DataSpoc.Tests;
using Npgsql;

namespace Pipe.Tests.Sources.Postgres;

/// <summary>A database of a test's own, dropped afterwards.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresDatabase(string server, NpgsqlConnectionStringBuilder settings) => (_server, _settings) = (server, settings);

    public string Name => _settings.Database!;

    /// <summary>How the command line names it.</summary>
    public string Uri => UriOf(_settings.Username!);

    public NpgsqlConnectionStringBuilder Address => PostgresAddress.Parse(Uri, _ => null);

    public static async Task<PostgresDatabase> CreateAsync(string? sql = null)
    {
        var server = TestServers.Postgres();
        var name = $"pipe_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        var database = new PostgresDatabase(server, new(server) { Database = name, Pooling = false });
        if (sql is not null)
            await database.ExecuteAsync(sql);
        return database;
    }

    public string UriOf(string user) => string.Create(CultureInfo.InvariantCulture, $"postgres://{user}@{_settings.Host}:{_settings.Port}/{Name}");

    public Task ExecuteAsync(string sql) => ExecuteAsync(_settings.ConnectionString, sql);

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>What a SELECT gives, a line per row, values parted by bars.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    /// <summary>Runs a script with psql, which alone understands the data of a dump.</summary>
    public async Task RunScriptAsync(string path)
    {
        var start = new ProcessStartInfo("psql", ["-q", "-X", "-h", _settings.Host!, "-p", _settings.Port.ToString(CultureInfo.InvariantCulture), "-U", _settings.Username!, "-d", Name, "-f", path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var psql = Process.Start(start)!;
        var output = psql.StandardOutput.ReadToEndAsync();
        _ = await psql.StandardError.ReadToEndAsync();
        _ = await output;
        await psql.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync(_server, $"DROP DATABASE {Name} WITH (FORCE)");

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }
}
