using DataSpoc.Ml.Data;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Training;

/// <summary>
/// Finds features that alone tell the target almost without error. In a real problem that hardly happens: such a column is mostly
/// written when the answer is known already, and a model that uses it is useless before.
/// </summary>
internal static class LeakSuspects
{
    /// <summary>Rows looked at, evenly spread.</summary>
    private const int MostRows = 20_000;

    /// <summary>Rows below which chance separates too easily.</summary>
    private const int LeastRows = 50;

    private const int LeastRowsOfClass = 10;

    /// <summary>The share of each class that must lie apart from all others.</summary>
    private const double SeparatedShare = 0.995;

    private const double SameOrder = 0.9999;

    /// <summary>Looks at each feature by itself.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The training rows.</param>
    /// <returns>Positions of suspects among the table's features.</returns>
    public static IReadOnlyList<int> Find(LearningTable table, int[] rows)
    {
        var sample = Spread(rows);
        if (sample.Length < LeastRows)
            return [];
        var labels = Array.ConvertAll(sample, row => table.Labels[row]);
        var suspects = new List<int>();
        for (var feature = 0; feature < table.Columns.Length; feature++)
        {
            var column = table.Columns[feature];
            var values = Array.ConvertAll(sample, row => table.Values.Row(row)[column]);
            var tells = table.Target.Task == LearningTask.Regression
                ? !table.Features[feature].Categorical && Math.Abs(RankCorrelation.Spearman(values, labels)) >= SameOrder
                : Separates(values, labels, table.Target.Classes.Count);
            if (tells)
                suspects.Add(feature);
        }
        return suspects;
    }

    // In the order of the feature's values, rows of one class that lie together in a run of some length are separated by it.
    // By chance long runs of a class are rare, unless the class is almost all rows: so every class must be separated.
    private static bool Separates(float[] values, float[] labels, int classes)
    {
        var rowsOfClass = new int[classes];
        foreach (var label in labels)
            rowsOfClass[(int)label]++;
        var present = rowsOfClass.Count(n => n > 0);
        if (present < 2 || rowsOfClass.Any(n => n is > 0 and < LeastRowsOfClass))
            return false;

        var separated = new int[classes];
        var run = (Class: -1, Length: 0);
        void End()
        {
            if (run.Class >= 0 && run.Length >= Math.Min(10, rowsOfClass[run.Class] / 2))
                separated[run.Class] += run.Length;
            run = (-1, 0);
        }
        foreach (var (only, length) in Ties(values, labels))
        {
            if (only != run.Class)
                End();
            if (only >= 0)
                run = (only, run.Length + length);
        }
        End();
        for (var c = 0; c < classes; c++)
            if (separated[c] < rowsOfClass[c] * SeparatedShare)
                return false;
        return true;
    }

    // rows of one value each: their class, or -1 where they have several
    private static IEnumerable<(int Class, int Length)> Ties(float[] unsorted, float[] classes)
    {
        var (values, labels) = (unsorted.ToArray(), classes.ToArray());
        Array.Sort(values, labels);
        for (var start = 0; start < values.Length;)
        {
            var end = start;
            var only = (int)labels[start];
            for (; end < values.Length && values[end].Equals(values[start]); end++)
                only = only == (int)labels[end] ? only : -1;
            yield return (only, end - start);
            start = end;
        }
    }

    private static int[] Spread(int[] rows)
    {
        if (rows.Length <= MostRows)
            return rows;
        var spread = new int[MostRows];
        for (var i = 0; i < MostRows; i++)
            spread[i] = rows[(int)((long)i * rows.Length / MostRows)];
        return spread;
    }
}
