namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>Finds from which probability on the answer is to be yes.</summary>
internal static class BestThreshold
{
    /// <summary>
    /// Looks at every boundary between two different probabilities: in falling order each row that becomes a yes changes the counts by one. One half
    /// stays unless another is better: on ties the simplest, then the highest.
    /// </summary>
    /// <param name="metric"><c>accuracy</c>, <c>balanced_accuracy</c> or <c>f1</c>.</param>
    /// <param name="labels">Above 0.5 is positive; at least one.</param>
    /// <param name="probabilities">One per row.</param>
    /// <returns>Above 0 and below 1.</returns>
    public static double For(string metric, ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        var falling = probabilities.ToArray();
        var positive = labels.ToArray();
        Array.Sort(falling, positive);
        Array.Reverse(falling);
        Array.Reverse(positive);
        long positives = positive.Count(p => p > 0.5f), rows = positive.Length, found = 0, answered = 0;
        var best = (Threshold: 0.5, Figure: double.NegativeInfinity);
        var half = double.NegativeInfinity;
        for (var at = 0; at <= falling.Length; at++)
        {
            var next = at < falling.Length ? falling[at] : 0.0;
            if (at == falling.Length || at == 0 || falling[at] != falling[at - 1])
            {
                var figure = Figure(metric, positives, rows, found, answered);
                if (next < 0.5 && double.IsNegativeInfinity(half))
                    half = figure;
                var threshold = ((at == 0 ? 1.0 : falling[at - 1]) + next) / 2;
                if (threshold is > 0 and < 1 && figure > best.Figure)
                    best = (threshold, figure);
            }
            if (at < falling.Length)
                (found, answered) = (found + (positive[at] > 0.5f ? 1 : 0), answered + 1);
        }
        return best.Figure > half ? best.Threshold : 0.5;
    }

    private static double Figure(string metric, long positives, long rows, long found, long answered)
    {
        var (negatives, wrong) = (rows - positives, answered - found);
        return metric switch
        {
            "f1" => positives + answered == 0 ? 0 : 2.0 * found / (positives + answered),
            "balanced_accuracy" => positives == 0 || negatives == 0 ? 0 : ((double)found / positives + (double)(negatives - wrong) / negatives) / 2,
            _ => (double)(found + negatives - wrong) / rows,
        };
    }
}
