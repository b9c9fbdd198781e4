using System.Globalization;

namespace DataSpoc.Tests.Bench;

/// <summary>A PostgreSQL table → Parquet in a bucket, against <c>COPY … TO STDOUT (FORMAT binary)</c> by psql into /dev/null. The server is that of DATASPOC_BENCH_POSTGRES.</summary>
internal static class PostgresBenchmark
{
    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var uri = Environment.GetEnvironmentVariable("DATASPOC_BENCH_POSTGRES") ?? throw new InvalidOperationException("DATASPOC_BENCH_POSTGRES is not set: start by tests/bench/run");
        var rows = 5_000_000 / less;
        await PsqlAsync(uri, $"""
            DROP TABLE IF EXISTS orders;
            CREATE TABLE orders AS SELECT i::bigint AS id, 'customer-' || lpad((i::bigint * 7919 % 100000)::text, 5, '0') AS customer, ((i::bigint * 31) % 1000000 / 100.0)::numeric(12,2) AS amount, i % 20 AS quantity,
              i % 2 = 0 AS paid, '2026-01-01'::timestamptz + i * interval '1 second' AS created_at, CASE WHEN i % 7 > 0 THEN (array['Lisbon','Hamburg','Kraków','São Paulo','Osaka','Nairobi'])[1 + i % 6] END AS city,
              'left at the door ' || i % 1000 AS note FROM generate_series(1, {rows}) i;
            VACUUM ANALYZE orders
            """);
        // turn about: what disturbs one of them disturbs the other
        var (floor, best) = (double.MaxValue, default(Measured));
        for (var run = 0; run < 3; run++)
        {
            var copy = await Measured.RunAsync("/bin/sh", ["-c", "psql -X -q \"$0\" -c 'COPY orders TO STDOUT (FORMAT binary)' > /dev/null", uri]);
            floor = Math.Min(floor, copy.Seconds);
            var one = await Measured.RunAsync("pipe", ["ingest", uri, "--streams", "orders", "--to", $"file://{folder.Path}/lake-p{run}"]);
            best = best is null || one.Seconds < best.Seconds ? one : best;
        }
        table.Share($"PostgreSQL, {rows:n0} rows of 8 columns → Parquet", best!.Seconds, floor, 0.7, string.Create(CultureInfo.InvariantCulture, $"{rows / best.Seconds / 1e6:0.00} M/s"));
        table.Memory($"PostgreSQL, {rows:n0} rows: peak RSS", best.PeakBytes, 300_000_000);
        await PsqlAsync(uri, "DROP TABLE orders");
        for (var run = 0; run < 3; run++)
            Directory.Delete(folder.File($"lake-p{run}"), recursive: true);
        await PostgresEquality.RunAsync(table, folder, uri, rows);
    }

    private static async Task PsqlAsync(string uri, string sql)
    {
        foreach (var statement in sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            await Measured.RunAsync("psql", ["-X", "-q", uri, "-c", statement]);
    }
}
