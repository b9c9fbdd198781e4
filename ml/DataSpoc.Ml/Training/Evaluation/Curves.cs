namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>What is drawn of a model's answers to rows with a known target. A curve that the task has not is null.</summary>
/// <param name="Learning">The mean validation loss after 1, 2, … rounds, thinned out: round and loss.</param>
/// <param name="Roc">Binary: share of the negative rows taken for positive, and share of the positive ones found.</param>
/// <param name="PrecisionRecall">Binary: share of the positive rows found, and share of right ones among those answered yes.</param>
/// <param name="Calibration">Binary: the mean probability of rows of similar probability, the share of positive ones, and rows.</param>
/// <param name="Confusion">Classes: a row per right class, a column per answer.</param>
/// <param name="Residuals">Regression: some rows' answer and truth.</param>
internal sealed record Curves(
    IReadOnlyList<double[]>? Learning, IReadOnlyList<double[]>? Roc, IReadOnlyList<double[]>? PrecisionRecall, IReadOnlyList<double[]>? Calibration,
    IReadOnlyList<IReadOnlyList<long>>? Confusion, IReadOnlyList<double[]>? Residuals)
{
    private const int Points = 60;
    private const int CalibrationBins = 10;
    private const int MostResiduals = 400;

    /// <summary>Draws.</summary>
    /// <param name="target">What was learned.</param>
    /// <param name="labels">What was right.</param>
    /// <param name="outputs">What was answered.</param>
    /// <param name="rule">Which class is answered.</param>
    public static Curves Of(Target target, float[] labels, float[] outputs, AnswerRule? rule)
    {
        if (target.Task == LearningTask.Regression)
            return new(null, null, null, null, null, [.. Spread(labels.Length, MostResiduals).Select(i => new[] { Round(outputs[i]), Round(labels[i]) })]);
        var confusion = new ConfusionMatrix(target.Classes.Count);
        for (var i = 0; i < labels.Length; i++)
            confusion.Add((int)labels[i], (rule ?? AnswerRule.Plain).Class(outputs.AsSpan(i * target.Outputs, target.Outputs)));
        if (target.Task == LearningTask.Multiclass)
            return new(null, null, null, null, confusion.Rows, null);
        var (roc, precision) = Ranked(labels, outputs);
        return new(null, roc, precision, Bins(labels, outputs), confusion.Rows, null);
    }

    /// <summary>The mean of several folds' losses, as far as all were grown.</summary>
    public static IReadOnlyList<double[]> LearningOf(IReadOnlyList<IReadOnlyList<double>> losses)
    {
        var rounds = losses.Min(l => l.Count);
        return [.. Spread(rounds, Points).Select(round => new[] { round + 1, Round(losses.Average(l => l[round])) })];
    }

    private static (double[][] Roc, double[][] Precision) Ranked(float[] labels, float[] scores)
    {
        var (sorted, positive) = (scores.ToArray(), labels.ToArray());
        Array.Sort(sorted, positive);
        Array.Reverse(positive);
        var positives = positive.Count(p => p > 0.5f);
        var negatives = positive.Length - positives;
        List<double[]> roc = [[0, 0]], precision = [];
        var found = 0;
        // evenly over all rows and over the positive ones: where these are rare, all that matters happens among the first rows
        int[] hits = [.. Enumerable.Range(0, positive.Length).Where(i => positive[i] > 0.5f)];
        var keep = Spread(positive.Length, Points).Concat(Spread(hits.Length, Points).Select(i => hits[i])).ToHashSet();
        for (var i = 0; i < positive.Length; i++)
        {
            found += positive[i] > 0.5f ? 1 : 0;
            if (!keep.Contains(i) && i != positive.Length - 1)
                continue;
            roc.Add([negatives == 0 ? 0 : Round((double)(i + 1 - found) / negatives), positives == 0 ? 0 : Round((double)found / positives)]);
            precision.Add([positives == 0 ? 0 : Round((double)found / positives), Round((double)found / (i + 1))]);
        }
        return ([.. roc], [.. precision]);
    }

    private static double[][] Bins(float[] labels, float[] probabilities)
    {
        var (sorted, positive) = (probabilities.ToArray(), labels.ToArray());
        Array.Sort(sorted, positive);
        var bins = new List<double[]>();
        for (var bin = 0; bin < CalibrationBins; bin++)
        {
            var (from, to) = ((int)((long)sorted.Length * bin / CalibrationBins), (int)((long)sorted.Length * (bin + 1) / CalibrationBins));
            if (to > from)
                bins.Add([Round(sorted[from..to].Average()), Round(positive[from..to].Average()), to - from]);
        }
        return [.. bins];
    }

    private static IEnumerable<int> Spread(int count, int most) =>
        count <= most ? Enumerable.Range(0, count) : Enumerable.Range(0, most).Select(i => (int)((long)i * count / most));

    private static double Round(double value) => value == 0 ? 0 : Math.Round(value, Math.Clamp(5 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
}
