using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>CSV → Parquet in a bucket, against a bare COPY.</summary>
internal static class CsvBenchmark
{
    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var rows = 5_000_000 / less;
        var csv = folder.File("orders.csv");
        Measured.DuckDb($"COPY (SELECT i AS id, 'customer-' || (i * 7919 % 100000) AS customer, (i * 31 % 100000) / 100.0 AS amount, i % 20 AS quantity, i % 2 = 0 AS paid, TIMESTAMP '2026-01-01' + INTERVAL (i) SECOND AS created_at, 'city ' || (i % 50) AS city, DATE '2026-01-01' + (i % 365)::INT AS due FROM range({rows}) t(i)) TO {Sql.Literal(csv)} (FORMAT csv, HEADER)", 1);
        var floor = Measured.DuckDb($"COPY (SELECT * FROM read_csv({Sql.Literal(csv)})) TO {Sql.Literal(folder.File("floor.parquet"))} (FORMAT parquet, COMPRESSION zstd)", 3);
        var ours = await Measured.FastestAsync(3, run => Measured.RunAsync("pipe", ["ingest", csv, "--to", $"file://{folder.Path}/lake-csv{run}", "--table", "bench/orders"]));
        table.Share($"CSV, {rows:n0} rows → Parquet", ours.Seconds, floor, 0.85);
        File.Delete(csv);
    }
}
