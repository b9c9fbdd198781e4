using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Monitoring;

/// <summary>How a model's answers are spread: the number or the probability of yes in tenths, or rows per class.</summary>
internal static class AnswerDistribution
{
    private const string Name = "prediction";
    private const int Bins = 10;

    /// <summary>With bins of its own.</summary>
    /// <param name="target">What is answered.</param>
    /// <param name="outputs">Row-major.</param>
    /// <returns>Null without rows.</returns>
    public static ColumnDistribution? Describe(Target target, float[] outputs)
    {
        if (outputs.Length == 0)
            return null;
        if (target.Task == LearningTask.Multiclass)
            return Count(target, outputs, new(Name, 0, 0, []) { Values = target.Classes });
        var sorted = outputs.ToArray();
        Array.Sort(sorted);
        var edges = Enumerable.Range(1, Bins - 1).Select(i => (double)sorted[(int)((long)sorted.Length * i / Bins)]).Distinct().ToArray();
        return Count(target, outputs, new(Name, 0, 0, []) { Edges = edges });
    }

    /// <summary>Over the bins of a former one.</summary>
    public static ColumnDistribution Count(Target target, ReadOnlySpan<float> outputs, ColumnDistribution former)
    {
        var rows = outputs.Length / target.Outputs;
        var counts = new long[(former.Edges?.Count ?? former.Values!.Count) + 1];
        for (var row = 0; row < rows; row++)
            counts[former.Edges is { } edges ? Bin(edges, outputs[row]) : Metrics.MostLikely(outputs.Slice(row * target.Outputs, target.Outputs))]++;
        return former with { Rows = rows, Counts = counts };
    }

    private static int Bin(IReadOnlyList<double> edges, float value) => edges.Count(edge => value >= edge);
}
