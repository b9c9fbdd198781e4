namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>How far figures could be off because the rows they come from are only some of all: 95 % of 200 drawings with replacement lie within.</summary>
internal static class ConfidenceIntervals
{
    private const int Drawings = 200;
    private const long MostRowsDrawn = 4_000_000;

    /// <summary>Per figure the lower and the upper end.</summary>
    /// <param name="target">What was learned.</param>
    /// <param name="labels">At least one.</param>
    /// <param name="outputs">Row-major.</param>
    /// <param name="rule">Which class is answered.</param>
    /// <param name="seed">The same gives the same.</param>
    public static IReadOnlyDictionary<string, Interval> Of(Target target, float[] labels, float[] outputs, AnswerRule? rule, long seed)
    {
        var width = outputs.Length / labels.Length;
        var drawings = (int)Math.Clamp(MostRowsDrawn / labels.Length, 20, Drawings);
        var drawn = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var (someLabels, someOutputs) = (new float[labels.Length], new float[outputs.Length]);
        for (var drawing = 0; drawing < drawings; drawing++)
        {
            for (var i = 0; i < labels.Length; i++)
            {
                var row = (int)(RowHash.Share(seed, ((ulong)drawing << 32) | (uint)i) * labels.Length);
                someLabels[i] = labels[row];
                outputs.AsSpan(row * width, width).CopyTo(someOutputs.AsSpan(i * width));
            }
            foreach (var (name, figure) in Metrics.Of(target, someLabels, someOutputs, rule))
            {
                if (!drawn.TryGetValue(name, out var figures))
                    drawn[name] = figures = [];
                figures.Add(figure);
            }
        }
        return drawn.ToDictionary(d => d.Key, d => Between(d.Value), StringComparer.Ordinal);
    }

    private static Interval Between(List<double> figures)
    {
        figures.Sort();
        return new(figures[(int)(figures.Count * 0.025)], figures[Math.Min(figures.Count - 1, (int)(figures.Count * 0.975))]);
    }
}

/// <summary>Where a figure lies with 95 % confidence.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
internal sealed record Interval(double Low, double High);
