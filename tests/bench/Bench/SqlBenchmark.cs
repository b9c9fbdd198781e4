using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>
/// <c>lens sql</c> over a local bucket, against the same SQL over the same files in a process of bare DuckDB (<c>bare/duckdb.c</c>): both begin with a process that starts and
/// loads the library. How long the statement alone takes, in a database that is open and warm, stands beside it.
/// </summary>
internal static class SqlBenchmark
{
    private static string Query(string table) => $"SELECT customer, count(*) AS orders, CAST(round(sum(amount)) AS BIGINT) AS amount, max(note) AS note FROM {table} GROUP BY customer ORDER BY amount DESC, customer LIMIT 100";

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var parquet = folder.File("facts.parquet");
        Measured.DuckDb($"COPY (SELECT i AS id, 'customer-' || (i * 7919 % 10000) AS customer, (i * 31 % 100000) / 100.0 AS amount, 'note ' || (i * 104729 % 1000003) AS note FROM range({10_000_000 / less}) t(i)) TO {Sql.Literal(parquet)} (FORMAT parquet, COMPRESSION zstd)", 1);
        var bucket = $"file://{folder.Path}/lake-sql";
        await Measured.RunAsync("pipe", ["ingest", parquet, "--to", bucket, "--table", "bench/facts"]);
        var files = string.Join(", ", Directory.EnumerateFiles(Path.Combine(folder.Path, "lake-sql", "raw"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Sql.Literal));
        await CompareAsync(table, "large", bucket, Query("raw.bench_facts"), Query($"read_parquet([{files}])"));
        await CompareAsync(table, "small", bucket, "SELECT count(*) FROM raw.bench_facts WHERE id = 42", $"SELECT count(*) FROM read_parquet([{files}]) WHERE id = 42");
        table.Below("lens sql \"select 1\", from start to end", (await LensAsync(bucket, "select 1")).Seconds, 0.3);
    }

    private static async Task CompareAsync(Table table, string what, string bucket, string sql, string bare)
    {
        // by turns, so that both meet the machine as it is
        Measured? lens = null, floor = null;
        for (var i = 0; i < 7; i++)
        {
            lens = Measured.Faster(lens, await RunAsync(bucket, sql));
            floor = Measured.Faster(floor, await Measured.RunAsync("bare", [Library, bare]));
        }
        if (lens!.Output.Split('\n', 2)[1] != floor!.Output)
            throw new InvalidOperationException($"lens sql and bare DuckDB answer the {what} query differently");
        table.AtMost(FormattableString.Invariant($"lens sql, a {what} query (the statement alone: {Measured.DuckDb(bare, 5) * 1000:0} ms)"), lens.Seconds, floor.Seconds, 1.15, 150);
    }

    /// <summary>The library that both load.</summary>
    public static string Library => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libduckdb.so");

    private static Task<Measured> LensAsync(string bucket, string sql) => Measured.FastestAsync(5, _ => RunAsync(bucket, sql));

    private static Task<Measured> RunAsync(string bucket, string sql) => Measured.RunAsync("lens", ["sql", sql, "--bucket", bucket, "-o", "csv"]);
}
