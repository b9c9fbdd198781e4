using System.Globalization;
using Npgsql;
using Pipe.Tests.Commands;

namespace Pipe.Tests.Sources.Postgres;

/// <summary>
/// While a table is read by several connections, another session changes it without a pause and keeps, in the same transactions, a table of what its count and its columns' checksums
/// are. Both are ingested by one run: they agree only if all rows of both are of the same instant. DATASPOC_TEST_ROWS sets the size (the promise is shown with 5,000,000).
/// </summary>
public sealed class SnapshotTests : IDisposable
{
    private const string Hash = "('x' || substr(md5(coalesce(VALUE::text, '~')), 1, 10))::bit(40)::bigint";
    private static readonly string[] Columns = ["id", "customer", "amount", "paid", "at", "note"];
    private readonly PipeLake _lake = new();

    [Fact]
    public async Task Ingest_WhileAnotherSessionWrites_EqualsTheSourceAtOneInstant()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("DATASPOC_TEST_ROWS") is { Length: > 0 } wanted ? wanted : "150000", CultureInfo.InvariantCulture);
        await using var database = await PostgresDatabase.CreateAsync(Schema(rows));
        _lake.Write("pipelines/shop.yaml", $"source: {{postgres: '{database.Uri}', readers: 3}}\n");
        using var stop = new CancellationTokenSource();
        var written = new TaskCompletionSource();
        var writing = WriteAsync(database, written, stop.Token);
        await written.Task;

        await _lake.DoAsync("ingest shop --to $B");
        var during = await database.RowsAsync("SELECT changes FROM totals");
        await stop.CancelAsync();
        var changes = await writing;

        var totals = Assert.Single(_lake.Rows($"SELECT n, {string.Join(", ", Columns.Select(column => $"h_{column}"))} FROM $files", "raw/postgres/totals"));
        var sums = Columns.Select(column => $"sum(CAST('0x' || substr(md5(coalesce({Text(column)}, '~')), 1, 10) AS BIGINT))::BIGINT");
        Assert.Equal(totals, Assert.Single(_lake.Rows($"SELECT count(*), {string.Join(", ", sums)} FROM $files", "raw/postgres/orders")));
        // it was not a quiet time
        var seen = int.Parse(Assert.Single(_lake.Rows("SELECT changes FROM $files", "raw/postgres/totals")), CultureInfo.InvariantCulture);
        Assert.InRange(seen, 1, int.Parse(during[0], CultureInfo.InvariantCulture) - 1);
        Assert.True(changes >= seen);
    }

    public void Dispose() => _lake.Dispose();

    private static string Schema(int rows)
    {
        var sums = string.Join(", ", Columns.Select(column => $"sum({Hash.Replace("VALUE", column, StringComparison.Ordinal)})::bigint AS h_{column}"));
        var adds = string.Join(", ", Columns.Select(column => $"h_{column} = t.h_{column} + SIGN * d.h_{column}"));
        return $"""
            SET timezone = 'UTC';
            CREATE TABLE orders AS SELECT i AS id, 'customer-' || i % 1000 AS customer, (i % 100000 / 100.0)::numeric(10,2) AS amount, i % 2 = 0 AS paid, '2026-01-01'::timestamptz + i * interval '1 second' AS at,
              CASE WHEN i % 7 = 0 THEN NULL ELSE 'left at the door ' || i END AS note FROM generate_series(1, {rows}) i;
            ALTER TABLE orders ADD PRIMARY KEY (id);
            CREATE TABLE totals AS SELECT count(*) AS n, 0 AS changes, {sums} FROM orders;
            CREATE FUNCTION churn(k int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
              UPDATE totals t SET n = t.n - d.n, {adds.Replace("SIGN", "-1", StringComparison.Ordinal)} FROM (SELECT count(*) AS n, {sums} FROM orders WHERE id BETWEEN k AND k + 49) d WHERE d.n > 0;
              UPDATE orders SET amount = amount + 1, paid = NOT paid, customer = customer || '+', note = coalesce(note, 'n') WHERE id BETWEEN k AND k + 39;
              DELETE FROM orders WHERE id BETWEEN k + 40 AND k + 49 AND k % 3 = 0;
              INSERT INTO orders SELECT i, 'new', 0.5, true, '2026-06-01'::timestamptz, NULL FROM generate_series(k + 40, k + 49) i ON CONFLICT DO NOTHING;
              UPDATE totals t SET changes = changes + 1, n = t.n + d.n, {adds.Replace("SIGN", "1", StringComparison.Ordinal)} FROM (SELECT count(*) AS n, {sums} FROM orders WHERE id BETWEEN k AND k + 49) d WHERE d.n > 0;
            END $$;
            """;
    }

    private static string Text(string column) => column == "at" ? "CAST(\"at\" AS VARCHAR)" : $"CAST({column} AS VARCHAR)";

    private static async Task<int> WriteAsync(PostgresDatabase database, TaskCompletionSource written, CancellationToken stop)
    {
        await using var connection = await database.OpenAsync();
        var rows = int.Parse((await database.RowsAsync("SELECT max(id) FROM orders"))[0], CultureInfo.InvariantCulture);
        var changes = 0;
        for (; !stop.IsCancellationRequested; changes++)
        {
            await using var command = new NpgsqlCommand($"SET timezone = 'UTC'; SELECT churn({(int)((changes * 7919L) % (rows - 60)) + 1})", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            if (changes == 5)
                written.TrySetResult();
        }
        return changes;
    }
}
