namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>How well scores put the positive rows before the others.</summary>
internal static class RankingQuality
{
    /// <summary>
    /// The area under the ROC curve: how often a positive row has the higher score than a negative one, ties counted half
    /// (Mann–Whitney by mid-ranks).
    /// </summary>
    /// <param name="labels">Above 0.5 is positive.</param>
    /// <param name="scores">One per row.</param>
    /// <returns>0 to 1, or null where one class is absent.</returns>
    public static double? Auc(ReadOnlySpan<float> labels, ReadOnlySpan<float> scores)
    {
        var sorted = scores.ToArray();
        var positive = new bool[labels.Length];
        long positives = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            positive[i] = labels[i] > 0.5f;
            positives += positive[i] ? 1 : 0;
        }
        var negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
            return null;
        Array.Sort(sorted, positive);
        var ranks = 0.0;
        for (var start = 0; start < sorted.Length;)
        {
            var end = start;
            var tied = 0L;
            for (; end < sorted.Length && sorted[end] == sorted[start]; end++)
                tied += positive[end] ? 1 : 0;
            ranks += tied * ((long)start + 1 + end) / 2.0;
            start = end;
        }
        return (ranks - positives * (positives + 1.0) / 2.0) / ((double)positives * negatives);
    }

    /// <summary>
    /// The area under the precision-recall steps: the mean, over the positive rows, of the share of positives among all rows that score at least as high.
    /// </summary>
    /// <returns>0 to 1, or null where no row is positive.</returns>
    public static double? AveragePrecision(ReadOnlySpan<float> labels, ReadOnlySpan<float> scores)
    {
        var falling = scores.ToArray();
        var positive = new bool[labels.Length];
        for (var i = 0; i < labels.Length; i++)
            positive[i] = labels[i] > 0.5f;
        Array.Sort(falling, positive);
        Array.Reverse(falling);
        Array.Reverse(positive);
        var (found, sum) = (0L, 0.0);
        for (var start = 0; start < falling.Length;)
        {
            var end = start;
            var tied = 0L;
            for (; end < falling.Length && falling[end] == falling[start]; end++)
                tied += positive[end] ? 1 : 0;
            found += tied;
            sum += tied * (double)found / end;
            start = end;
        }
        return found == 0 ? null : sum / found;
    }
}
