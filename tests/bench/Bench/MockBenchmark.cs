using System.Globalization;
using System.Text.Json;

namespace DataSpoc.Tests.Bench;

/// <summary><c>platform mock</c> of ten million parcels, in every format: memory that does not grow with them.</summary>
internal static class MockBenchmark
{
    private const long Limit = 300_000_000;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var parcels = 10_000_000 / less;
        var rows = parcels.ToString(CultureInfo.InvariantCulture);
        foreach (var format in new[] { "csv", "ndjson", "parquet" })
            await MeasureAsync(table, folder, $"{parcels.ToString("n0", CultureInfo.InvariantCulture)} parcels as {format}", ["mock", "--rows", rows, "--format", format, "--out", folder.File("mock"), "-o", "ndjson"]);
        await MeasureAsync(table, folder, "7 simulated days of them", ["mock", "simulate", "--days", "7", "--out", folder.File("mock"), "-o", "ndjson"]);
        Directory.Delete(folder.File("mock"), recursive: true);
        if (Environment.GetEnvironmentVariable("DATASPOC_BENCH_POSTGRES") is { Length: > 0 } postgres)
            await MeasureAsync(table, folder, "a tenth of them into PostgreSQL", ["mock", "--rows", (parcels / 10).ToString(CultureInfo.InvariantCulture), "--to", postgres, "--replace", "-o", "ndjson"]);
    }

    private static async Task MeasureAsync(Table table, WorkFolder folder, string what, string[] arguments)
    {
        var run = await Measured.RunAsync("platform", arguments);
        var written = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(static line => JsonDocument.Parse(line).RootElement.GetProperty("rows").GetInt64());
        table.Memory(string.Create(CultureInfo.InvariantCulture, $"mock: {what}: peak RSS ({written:n0} rows, {written / run.Seconds:n0} rows/s)"), run.PeakBytes, Limit);
        // one format at a time on the disk
        if (!arguments.Contains("parquet") && Directory.Exists(folder.File("mock")) && arguments[1] != "simulate")
            Directory.Delete(folder.File("mock"), recursive: true);
    }
}
