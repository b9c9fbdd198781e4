using System.Diagnostics;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Training;

namespace DataSpoc.Tests.Bench;

/// <summary>Tables that are awkward by their size: 5,000 columns, and a column of a million texts.</summary>
internal static class SizeBenchmark
{
    private const int Columns = 5_000;
    private const int Texts = 1_000_000;

    public static Task RunAsync(Table table, WorkFolder folder, int less)
    {
        using var database = Database.Open(new() { MemoryLimit = "2GB", TempDirectory = folder.Path });
        using var connection = database.Connect();
        var columns = Columns / less;
        connection.Execute($"CREATE TABLE wide AS SELECT {string.Join(", ", Enumerable.Range(0, columns).Select(c => $"(hash('{c}' || i) % 50)::DOUBLE AS c{c}"))}, hash('17' || i) % 50 + hash('y' || i) % 20 > 30 AS y FROM range(1000) t(i)");
        var (seconds, wide) = Train(connection, "wide", "y", []);
        if (wide.Importance[0].Column != "c17")
            throw new InvalidOperationException($"{wide.Importance[0].Column} is most important, not c17");
        table.Below($"train, 1,000 rows × {columns:n0} columns, one trial", seconds, 240);

        var texts = Texts / less;
        // every text once, and as many rows more of the few that are frequent: from those there is something to learn
        connection.Execute($"CREATE TABLE texts AS SELECT 'v' || t AS t, (hash('a' || i) % 100)::DOUBLE AS a, hash('t' || t) % 2 = 0 AS y FROM (SELECT i, CASE WHEN i < {texts} THEN i ELSE ({texts} * pow((hash(i) % 1000000) / 1e6, 8))::BIGINT END AS t FROM range({texts * 2}) r(i))");
        (seconds, var many) = Train(connection, "texts", "y", ["t"]);
        if (many.Holdout.Figures["auc"] < 0.6)
            throw new InvalidOperationException($"nothing was learned from the texts: {many.Holdout.Figures["auc"]}");
        table.Below($"train, {texts * 2:n0} rows with {texts:n0} different texts, one trial", seconds, 240);
        using var process = Process.GetCurrentProcess();
        table.Memory("… peak memory of the process", process.PeakWorkingSet64, 3_000_000_000);
        return Task.CompletedTask;
    }

    private static (double Seconds, LearnedModel Model) Train(Connection connection, string from, string target, IReadOnlyList<string> kept)
    {
        var settings = new TrainingSettings { Trials = 1, MostRounds = 50, Threads = Environment.ProcessorCount };
        var clock = Stopwatch.StartNew();
        var prepared = new TableTraining(connection, new()).Prepare(SourceTable.Describe(connection, from, from, default), new(target, null, [], kept, new(), settings), default);
        var model = new ModelLearning(prepared, settings, new()).Run(default);
        return (clock.Elapsed.TotalSeconds, model);
    }
}
