using System.Diagnostics;
using System.Globalization;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Tests.Bench;

/// <summary>A result of 200 million rows through a pipe: <c>lens sql … -o csv | wc -l</c>, in memory that does not grow with it.</summary>
internal static class ResultBenchmark
{
    private const long Rows = 200_000_000;
    private const long Bytes = 300_000_000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var file = folder.File("many.parquet");
        Measured.DuckDb($"COPY (SELECT i AS id, i * 31 % 1000 AS k, 'text ' || i % 1000 AS t FROM range({Rows / less}) r(i)) TO {Sql.Literal(file)} (FORMAT parquet, COMPRESSION zstd)", 1);
        var bucket = $"file://{folder.Path}/lake-many-rows";
        await Measured.RunAsync("pipe", ["ingest", file, "--to", bucket, "--table", "bench/many"]);
        // the floor: the same rows as CSV by DuckDB itself
        var floor = Measured.DuckDb($"COPY (FROM {Sql.Literal(file)}) TO '/dev/null' (FORMAT csv)", 1);
        File.Delete(file);
        var (seconds, peak, lines) = await PipedAsync(["sql", "select * from raw.bench_many", "--bucket", bucket, "-o", "csv"]);
        if (lines != (Rows / less) + 1)
            throw new InvalidOperationException($"{lines} lines");
        table.Share($"lens sql -o csv | wc -l, {Rows / less:n0} rows", seconds, floor, 0.25, $"{Rows / less / seconds / 1e6:0.0} M rows/s");
        table.Memory($"lens sql -o csv | wc -l, {Rows / less:n0} rows: peak memory", peak, Bytes);
    }

    private static async Task<(double Seconds, long Peak, long Lines)> PipedAsync(string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        // the shell is replaced by lens, so that its pid is that of lens
        var start = new ProcessStartInfo("/bin/bash", ["-c", "exec lens \"$@\" > >(wc -l)", "bash", .. arguments]) { RedirectStandardOutput = true };
        using var lens = Process.Start(start)!;
        var counted = lens.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        while (!lens.WaitForExit(TimeSpan.FromMilliseconds(20)))
            peak = Math.Max(peak, Measured.HighWater(lens.Id));
        return lens.ExitCode == 0 ? (clock.Elapsed.TotalSeconds, peak, long.Parse((await counted).Trim(), CultureInfo.InvariantCulture)) : throw new InvalidOperationException($"lens ended with {lens.ExitCode}");
    }
}
