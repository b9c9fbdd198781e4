using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>CSV → Parquet in a bucket, against a bare COPY in a process of its own (<c>bare/duckdb.c</c>), by turns.</summary>
internal static class CsvBenchmark
{
    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var rows = 5_000_000 / less;
        var csv = folder.File("orders.csv");
        Measured.DuckDb($"COPY (SELECT i AS id, 'customer-' || (i * 7919 % 100000) AS customer, (i * 31 % 100000) / 100.0 AS amount, i % 20 AS quantity, i % 2 = 0 AS paid, TIMESTAMP '2026-01-01' + INTERVAL (i) SECOND AS created_at, 'city ' || (i % 50) AS city, DATE '2026-01-01' + (i % 365)::INT AS due FROM range({rows}) t(i)) TO {Sql.Literal(csv)} (FORMAT csv, HEADER)", 1);
        var copy = $"COPY (SELECT * FROM read_csv({Sql.Literal(csv)})) TO {Sql.Literal(folder.File("floor.parquet"))} (FORMAT parquet, COMPRESSION zstd)";
        Measured? ours = null, floor = null;
        for (var run = 0; run < 4; run++)
        {
            floor = Measured.Faster(floor, await Measured.RunAsync("bare", [SqlBenchmark.Library, copy]));
            ours = Measured.Faster(ours, await Measured.RunAsync("pipe", ["ingest", csv, "--to", $"file://{folder.Path}/lake-csv{run}", "--table", "bench/orders"]));
        }
        table.Share(FormattableString.Invariant($"CSV, {rows:n0} rows → Parquet (the statement alone: {Measured.DuckDb(copy, 3):0.00} s)"), ours!.Seconds, floor!.Seconds, 0.85);
        File.Delete(csv);
    }
}
