using System.Runtime.InteropServices;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>
/// What a linear model (XGBoost's <c>gblinear</c>) reaches: numbers are standardised, missing ones are the mean, categories of few values are
/// columns of zeros and ones. Trees that are not better than this have found nothing that bends.
/// </summary>
internal static class LinearBaseline
{
    private const int MostRows = 20_000;
    private const int MostCategories = 32;
    private const int MostColumns = 400;
    private const int Rounds = 40;

    /// <summary>The figures on the holdout; empty without one, or where the table is too wide for it.</summary>
    public static IReadOnlyDictionary<string, double> Figures(LearningTable table, RowSplit split, int threads, CancellationToken cancel)
    {
        int[] rows = [.. split.Training.Where((_, i) => (long)i * MostRows / split.Training.Length != (long)(i - 1) * MostRows / split.Training.Length || split.Training.Length <= MostRows)];
        var columns = Columns(table, rows);
        if (split.Holdout.Length == 0 || columns.Count is 0 or > MostColumns)
            return new Dictionary<string, double>();
        FeatureColumn[] names = [.. Enumerable.Range(0, columns.Count).Select(i => new FeatureColumn($"f{i}", false))];
        using var training = Matrix.Dense(Encode(table, rows, columns), rows.Length, names, table.LabelsOf(rows), threads);
        // a squared error needs a target of its own scale
        var objective = new LearningObjective(table.Target, "");
        List<KeyValuePair<string, string>> parameters =
        [
            new("booster", "gblinear"), new("updater", "coord_descent"), new("feature_selector", "cyclic"), new("eta", "0.5"), new("lambda", "0.001"),
            new("objective", objective.Name), new("nthread", "1"),
        ];
        if (table.Target.Task == LearningTask.Multiclass)
            parameters.Add(new("num_class", table.Target.Classes.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        using var booster = Booster.Create([training], parameters);
        for (var round = 0; round < Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            booster.Update(round, training);
        }
        var outputs = new List<float>(split.Holdout.Length * table.Target.Outputs);
        foreach (var some in split.Holdout.Chunk(MostRows))
        {
            cancel.ThrowIfCancellationRequested();
            using var holdout = Matrix.Dense(Encode(table, some, columns), some.Length, names, table.LabelsOf(some), threads);
            outputs.AddRange(booster.Predict(holdout));
        }
        return Metrics.Of(table.Target, table.LabelsOf(split.Holdout), CollectionsMarshal.AsSpan(outputs));
    }

    private static List<Encoding> Columns(LearningTable table, int[] rows)
    {
        var columns = new List<Encoding>();
        for (var f = 0; f < table.Columns.Length && columns.Count <= MostColumns; f++)
        {
            var at = table.Columns[f];
            if (table.Features[f].Categorical)
            {
                var codes = rows.Select(row => table.Values.Row(row)[at]).Where(v => !float.IsNaN(v)).Distinct().Order().ToArray();
                if (codes.Length <= MostCategories)
                    columns.AddRange(codes.Select(code => new Encoding(at, code, 0, 1)));
                continue;
            }
            var (n, sum, squares) = (0, 0.0, 0.0);
            foreach (var row in rows)
                if (table.Values.Row(row)[at] is var v && !float.IsNaN(v))
                    (n, sum, squares) = (n + 1, sum + v, squares + (double)v * v);
            var mean = n == 0 ? 0 : sum / n;
            var variance = n == 0 ? 0 : squares / n - mean * mean;
            if (variance > 0)
                columns.Add(new(at, null, mean, Math.Sqrt(variance)));
        }
        return columns;
    }

    private static float[] Encode(LearningTable table, int[] rows, List<Encoding> columns)
    {
        var encoded = new float[rows.Length * columns.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = table.Values.Row(rows[i]);
            for (var c = 0; c < columns.Count; c++)
                encoded[i * columns.Count + c] = columns[c].Of(row);
        }
        return encoded;
    }

    private sealed record Encoding(int Position, float? Category, double Mean, double Deviation)
    {
        public float Of(ReadOnlySpan<float> row)
        {
            var value = row[Position];
            if (Category is { } category)
                return value == category ? 1 : 0;
            return float.IsNaN(value) ? 0 : (float)Math.Clamp((value - Mean) / Deviation, -20, 20);
        }
    }
}
