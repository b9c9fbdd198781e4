using System.Globalization;
using DataSpoc.Tests;
using Npgsql;
using Xunit;

namespace Platform.Tests.MockData;

/// <summary><c>platform mock --to postgres://…</c>, into a database of the test's own.</summary>
public sealed class PostgresSinkTests
{
    [Fact]
    public async Task Mock_ToPostgres_MakesTheTablesOnce_AndWithTheSameSeedTheSameRows()
    {
        var cancel = TestContext.Current.CancellationToken;
        var server = new NpgsqlConnectionStringBuilder(TestServers.Postgres()) { Pooling = false };
        var name = $"platform_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}", cancel);
        var own = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name };
        try
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"postgres://{own.Username}@{own.Host}:{own.Port}/{name}");
            string[] mock = ["mock", "--rows", "3000", "--to", address];
            var run = await PlatformRun.OfAsync(Path.GetTempPath(), mock);
            Assert.True(run.Exit == 0, run.Error);
            Assert.Equal("table,rows\nlocations,10\ncustomers,120\nparcels,3000\ndeliveries,3000\noccupancy,12000\n", run.Out);
            var rows = await ContentAsync(own, cancel);
            Assert.Equal(["boolean", "numeric(6)", "timestamp with time zone"], (await ReadAsync(own, """
                SELECT DISTINCT data_type || CASE WHEN data_type = 'numeric' THEN '(6)' ELSE '' END FROM information_schema.columns
                WHERE (table_name, column_name) IN (('deliveries', 'late'), ('parcels', 'weight_kg'), ('deliveries', 'picked_up_at')) ORDER BY 1
                """, cancel)).Split('\n'));

            var again = await PlatformRun.OfAsync(Path.GetTempPath(), mock);
            Assert.Equal((2, ""), (again.Exit, again.Out));
            Assert.Contains("the tables `locations`, `customers`, `parcels`, `deliveries`, `occupancy` are in the database already", again.Error, StringComparison.Ordinal);
            Assert.Equal(rows, await ContentAsync(own, cancel));

            Assert.Equal(0, (await PlatformRun.OfAsync(Path.GetTempPath(), [.. mock, "--replace"])).Exit);
            Assert.Equal(rows, await ContentAsync(own, cancel));

            // a view that stands in the way: all of it is undone
            await ExecuteAsync(own, "CREATE VIEW v AS SELECT * FROM occupancy", cancel);
            var blocked = await PlatformRun.OfAsync(Path.GetTempPath(), ["mock", "--rows", "10", "--to", address, "--replace"]);
            Assert.Equal(1, blocked.Exit);
            Assert.Contains("PostgreSQL does not take the mock data: cannot drop table occupancy", blocked.Error, StringComparison.Ordinal);
            Assert.Equal(rows, await ContentAsync(own, cancel));
        }
        finally
        {
            await ExecuteAsync(server, $"DROP DATABASE {name} WITH (FORCE)", cancel);
        }
    }

    private static Task<string> ContentAsync(NpgsqlConnectionStringBuilder to, CancellationToken cancel) => ReadAsync(to, """
        SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM (SELECT locations::text AS t FROM locations UNION ALL SELECT customers::text FROM customers
        UNION ALL SELECT parcels::text FROM parcels UNION ALL SELECT deliveries::text FROM deliveries UNION ALL SELECT occupancy::text FROM occupancy) AS all_rows
        """, cancel);

    private static async Task<string> ReadAsync(NpgsqlConnectionStringBuilder to, string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(to.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancel))
            rows.Add(reader.GetString(0));
        return string.Join('\n', rows);
    }

    private static async Task ExecuteAsync(NpgsqlConnectionStringBuilder to, string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(to.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
