using System.Diagnostics;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Monitoring;

namespace DataSpoc.Tests.Bench;

/// <summary>How 200 columns are spread, compared with training. The rows are made while they are read.</summary>
internal static class DriftBenchmark
{
    private const int Columns = 200;

    public static Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var rows = 1_000_000 / less;
        using var database = Database.Open(new() { MemoryLimit = "1GB", TempDirectory = folder.Path });
        using var connection = database.Connect();
        var from = $"(SELECT {string.Join(", ", Enumerable.Range(0, Columns).Select(c => $"(hash(i, {c}) % 1000)::DOUBLE AS n{c}"))} FROM range({rows}) t(i))";
        var source = SourceTable.Describe(connection, "t", from, default);
        PreparedColumn[] columns = [.. Enumerable.Range(0, Columns).Select(c => new PreparedColumn($"n{c}", "DOUBLE", ColumnKind.Number, [$"n{c}"]))];
        ColumnDistribution[] former = [.. columns.Select(c => new ColumnDistribution(c.Name, rows, 0, [.. Enumerable.Repeat(rows / 10L, 10)]) { Edges = [100, 200, 300, 400, 500, 600, 700, 800, 900] })];
        var clock = Stopwatch.StartNew();
        var now = new DistributionReader(connection, source, default).Count(columns, former);
        var drifts = ColumnDrift.Corrected([.. former.Zip(now).Select(pair => ColumnDrift.Between(pair.First, pair.Second))]);
        if (drifts.Any(d => d.Alarms(0.05, 0.1)))
            throw new InvalidOperationException("an alarm without drift");
        var seconds = clock.Elapsed.TotalSeconds;
        table.Share($"drift, {rows:n0} rows × {Columns} (DuckDB's sums of the same columns are the floor)", seconds, Measured.DuckDb($"SELECT {string.Join(", ", columns.Select(c => $"sum({c.Name})"))} FROM {from}", 1), 0);
        using var process = Process.GetCurrentProcess();
        table.Memory("… peak memory of the process", process.PeakWorkingSet64, 2_000_000_000);
        return Task.CompletedTask;
    }
}
