using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary><c>lens sql</c> over a local bucket, against the same SQL in bare DuckDB over the same files.</summary>
internal static class SqlBenchmark
{
    private static string Query(string table) => $"SELECT customer, count(*) AS orders, sum(amount) AS amount, max(note) AS note FROM {table} GROUP BY customer ORDER BY amount DESC, customer LIMIT 100";

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var parquet = folder.File("facts.parquet");
        Measured.DuckDb($"COPY (SELECT i AS id, 'customer-' || (i * 7919 % 10000) AS customer, (i * 31 % 100000) / 100.0 AS amount, 'note ' || (i * 104729 % 1000003) AS note FROM range({10_000_000 / less}) t(i)) TO {Sql.Literal(parquet)} (FORMAT parquet, COMPRESSION zstd)", 1);
        var bucket = $"file://{folder.Path}/lake-sql";
        await Measured.RunAsync("pipe", ["ingest", parquet, "--to", bucket, "--table", "bench/facts"]);
        var files = string.Join(", ", Directory.EnumerateFiles(Path.Combine(folder.Path, "lake-sql", "raw"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Sql.Literal));
        Compare(table, "large", await LensAsync(bucket, Query("raw.bench_facts")), Query($"read_parquet([{files}])"));
        Compare(table, "small", await LensAsync(bucket, "SELECT count(*) FROM raw.bench_facts WHERE id = 42"), $"SELECT count(*) FROM read_parquet([{files}]) WHERE id = 42");
        table.Below("lens sql \"select 1\", from start to end", (await LensAsync(bucket, "select 1")).Seconds, 0.3);
    }

    private static void Compare(Table table, string what, Measured lens, string bare) => table.AtMost($"lens sql, a {what} query", lens.Seconds, Measured.DuckDb(bare, 5), 1.15, 150);

    private static Task<Measured> LensAsync(string bucket, string sql) => Measured.FastestAsync(5, _ => Measured.RunAsync("lens", ["sql", sql, "--bucket", bucket, "-o", "csv"]));
}
