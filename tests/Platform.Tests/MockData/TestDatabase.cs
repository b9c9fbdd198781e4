using System.Globalization;
using DataSpoc.Tests;
using Npgsql;

namespace Platform.Tests.MockData;

/// <summary>A PostgreSQL database of the test's own.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly NpgsqlConnectionStringBuilder _own;

    private TestDatabase(NpgsqlConnectionStringBuilder server, string name) => (_server, _own) = (server, new(server.ConnectionString) { Database = name });

    public string Address => string.Create(CultureInfo.InvariantCulture, $"postgres://{_own.Username}@{_own.Host}:{_own.Port}/{_own.Database}");

    public static async Task<TestDatabase> MakeAsync(CancellationToken cancel)
    {
        var made = new TestDatabase(new(TestServers.Postgres()) { Pooling = false }, $"platform_{Guid.NewGuid():N}");
        await ExecuteAsync(made._server, $"CREATE DATABASE {made._own.Database}", cancel);
        return made;
    }

    public Task ExecuteAsync(string sql, CancellationToken cancel) => ExecuteAsync(_own, sql, cancel);

    /// <summary>The first column, a line per row.</summary>
    public async Task<string> ReadAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(_own.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancel))
            rows.Add(reader.GetString(0));
        return string.Join('\n', rows);
    }

    /// <summary>A hash of all rows of the mock tables.</summary>
    public Task<string> ContentAsync(CancellationToken cancel) => ReadAsync("""
        SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM (SELECT locations::text AS t FROM locations UNION ALL SELECT customers::text FROM customers
        UNION ALL SELECT parcels::text FROM parcels UNION ALL SELECT deliveries::text FROM deliveries UNION ALL SELECT occupancy::text FROM occupancy) AS all_rows
        """, cancel);

    public async ValueTask DisposeAsync() => await ExecuteAsync(_server, $"DROP DATABASE {_own.Database} WITH (FORCE)", CancellationToken.None);

    private static async Task ExecuteAsync(NpgsqlConnectionStringBuilder to, string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(to.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
