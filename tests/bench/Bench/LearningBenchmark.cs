using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Tests.Bench;

/// <summary>From a table to a matrix, to trees, to answers: 20 columns, two of them categories.</summary>
internal static class LearningBenchmark
{
    private const int Rows = 1_000_000;
    private const int Numbers = 18;
    private const int Rounds = 100;
    private const string Python = "/usr/bin/python3";

    private const string BareTraining = """
        import sys, time, numpy as np, xgboost as xgb
        rows, columns, rounds, threads = int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
        data = np.fromfile(sys.argv[1], dtype=np.float32).reshape(rows, columns + 1)
        values, labels = np.ascontiguousarray(data[:, :columns]), np.ascontiguousarray(data[:, columns])
        started, worked = time.perf_counter(), time.process_time()
        matrix = xgb.QuantileDMatrix(values, labels, feature_types=['q'] * (columns - 2) + ['c'] * 2, enable_categorical=True, max_bin=256, nthread=threads)
        parameters = dict(pair.split('=') for pair in sys.argv[6:])
        xgb.train(parameters, matrix, rounds)
        print(time.perf_counter() - started, time.process_time() - worked)
        """;

    private const string BareAnswers = """
        import sys, time, numpy as np, xgboost as xgb
        values = np.fromfile(sys.argv[1], dtype=np.float32).reshape(-1, int(sys.argv[3]))
        booster = xgb.Booster(model_file=sys.argv[2]); booster.set_param({'nthread': int(sys.argv[4])})
        booster.inplace_predict(values[:1000], validate_features=False)
        started = time.perf_counter()
        booster.inplace_predict(values, validate_features=False)
        print(time.perf_counter() - started)
        """;

    public static async Task RunAsync(Table table, WorkFolder folder, int less)
    {
        var rows = Rows / less;
        var file = $"{folder.Path}/learning.parquet";
        using var database = Database.Open(new() { MemoryLimit = "4GB" });
        using var connection = database.Connect();
        var numbers = string.Join(", ", Enumerable.Range(0, Numbers).Select(c => $"(hash(i, {c}) % 100000) / 1000.0 AS n{c}"));
        connection.Execute($"COPY (SELECT {numbers}, 'c' || (hash(i, 98) % 12) AS c0, 'd' || (hash(i, 99) % 90) AS c1, (hash(i, 0) % 100000 + hash(i, 1) % 100000 + hash(i, 77) % 60000) > 130000 AS y FROM range({rows}) t(i)) TO '{file}' (COMPRESSION zstd)");
        var source = SourceTable.Describe(connection, "t", $"read_parquet('{file}')", default);
        var target = new Target("y", "BOOLEAN", LearningTask.Binary, ["false", "true"]);
        var preparation = new TablePreparation(
            [
                .. Enumerable.Range(0, Numbers).Select(c => new PreparedColumn($"n{c}", "DOUBLE", ColumnKind.Number, [$"n{c}"])),
                new("c0", "VARCHAR", ColumnKind.Category, ["c0"]) { Categories = [.. Enumerable.Range(0, 12).Select(c => $"c{c}")] },
                new("c1", "VARCHAR", ColumnKind.Category, ["c1"]) { Categories = [.. Enumerable.Range(0, 90).Select(c => $"d{c}")] },
            ], []);

        ReadTable? read = null;
        var (reading, readingWork) = Fastest(3, () => read = LearningTableReader.Read(connection, source, preparation, target, new(), null, default));
        table.Share($"table → matrix, {rows:n0} rows × 20 (DuckDB's own scan and sum is the floor)", reading, Measured.DuckDb($"SELECT {string.Join(", ", source.Columns.Select(c => c.Name.StartsWith('n') ? $"sum({c.Name})" : $"max({c.Name})"))} FROM read_parquet('{file}')", 3), 0, $"{rows / reading / 1e6:0.00}M rows/s");
        table.Below("… so many rows take at 1M rows/s", reading, rows / 1e6);
        table.Below("… processor time of it, of which two cores have twice as much", readingWork, 2 * rows / 1e6);

        var threads = Environment.ProcessorCount;
        var parameters = new BoostingParameters { Depth = 6 };
        using var trainer = new Trainer(read!.Table, new(target, "auc"), 42, threads);
        int[] all = [.. Enumerable.Range(0, read.Table.Values.Rows / 2)];
        TrainedModel? model = null;
        var (training, trainingWork) = Fastest(3, () => model = trainer.Grow(all, parameters, Rounds, null, default));
        if (File.Exists(Python))
        {
            var (bare, bareWork) = await BareAsync(folder, read.Table, all, model!, threads);
            table.AtMost($"training, {all.Length:n0} rows × 20, {Rounds} rounds (Python's xgboost, same matrix and parameters)", training, bare, 1.15, 0);
            table.AtMost("… processor time of both, which other work on the machine changes less", trainingWork, bareWork, 1.15, 0);
        }

        var features = new FeaturesDocument("1.1", "m", 1, target, preparation.Columns, [], [], "t");
        using var booster = Booster.Load(model!.Model, threads);
        var answered = 0;
        var (predicting, predictingWork) = Fastest(3, () => new TableScoring(features, booster).Run(connection, source.From, [], (chunk, _, _) => answered += chunk.Count, default));
        if (File.Exists(Python))
            table.Share($"predict, {rows:n0} rows, {Rounds} trees, from Parquet (Python's xgboost, the matrix alone, is the floor)", predicting, await BareAnswersAsync(folder, read.Table, model, threads), 0.7);
        table.Below($"predict, {rows:n0} rows, {Rounds} trees: {rows / predicting / 1e3:0}k rows/s, so many take at 400k rows/s", predicting, rows / 400e3);
        table.Below("… processor time of it, of which two cores have twice as much", predictingWork, 2 * rows / 400e3);
    }

    private static async Task<double> BareAnswersAsync(WorkFolder folder, LearningTable table, TrainedModel model, int threads)
    {
        var (values, trees) = ($"{folder.Path}/values.bin", $"{folder.Path}/model.ubj");
        await File.WriteAllBytesAsync(trees, model.Model);
        await using (var stream = File.Create(values))
            for (var row = 0; row < table.Values.Rows; row++)
                stream.Write(MemoryMarshal.AsBytes(table.Values.Row(row)));
        var best = double.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var run = await Measured.RunAsync(Python, ["-c", BareAnswers, values, trees, Text(table.Columns.Length), Text(threads)]);
            best = Math.Min(best, double.Parse(run.Output, CultureInfo.InvariantCulture));
        }
        return best;
    }

    private static async Task<(double Wall, double Work)> BareAsync(WorkFolder folder, LearningTable table, int[] rows, TrainedModel model, int threads)
    {
        // as `ml` sets it for itself: threads that wait do not burn the cores
        Environment.SetEnvironmentVariable("OMP_WAIT_POLICY", "PASSIVE");
        var file = $"{folder.Path}/matrix.bin";
        await using (var stream = File.Create(file))
        {
            var line = new float[table.Columns.Length + 1];
            foreach (var row in rows)
            {
                table.Values.Row(row).CopyTo(line);
                line[^1] = table.Labels[row];
                stream.Write(MemoryMarshal.AsBytes(line.AsSpan()));
            }
        }
        var best = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < 3; i++)
        {
            var run = await Measured.RunAsync(
                Python, ["-c", BareTraining, file, Text(rows.Length), Text(table.Columns.Length), Text(Rounds), Text(threads), .. model.Parameters.Select(p => $"{p.Key}={p.Value}"), $"nthread={threads}"]);
            double[] measured = [.. run.Output.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            best = (Math.Min(best.Item1, measured[0]), Math.Min(best.Item2, measured[1]));
        }
        return best;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    // the least time on the clock and the least of the processors
    private static (double Wall, double Work) Fastest(int runs, Action work)
    {
        var best = (Wall: double.MaxValue, Work: double.MaxValue);
        using var process = Process.GetCurrentProcess();
        for (var i = 0; i < runs; i++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            var clock = Stopwatch.StartNew();
            work();
            var wall = clock.Elapsed.TotalSeconds;
            process.Refresh();
            best = (Math.Min(best.Wall, wall), Math.Min(best.Work, (process.TotalProcessorTime - before).TotalSeconds));
        }
        return best;
    }
}
