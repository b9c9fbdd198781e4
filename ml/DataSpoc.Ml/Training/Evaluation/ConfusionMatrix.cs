namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>How often which class was answered where which was right.</summary>
internal sealed class ConfusionMatrix(int classes)
{
    private readonly long[] _counts = new long[classes * classes];

    /// <summary>Counts: a row per right class, a column per answer.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Rows => [.. Enumerable.Range(0, classes).Select(right => _counts[(right * classes)..((right + 1) * classes)])];

    /// <summary>The share of right answers.</summary>
    public double Accuracy => _counts.Sum() is > 0 and var all ? (double)Enumerable.Range(0, classes).Sum(c => At(c, c)) / all : 0;

    /// <summary>The mean over the classes that are there of the share of their rows that were recognised.</summary>
    public double BalancedAccuracy
    {
        get
        {
            var present = Enumerable.Range(0, classes).Where(c => Actual(c) > 0).ToArray();
            return present.Length == 0 ? 0 : present.Average(c => (double)At(c, c) / Actual(c));
        }
    }

    /// <summary>Counts one row.</summary>
    public void Add(int right, int answer) => _counts[right * classes + answer]++;

    /// <summary>The share of the answers of a class that were right; 0 where it was never answered.</summary>
    public double Precision(int of) => Answered(of) is > 0 and var answered ? (double)At(of, of) / answered : 0;

    /// <summary>The share of a class's rows that were recognised; 0 where it has none.</summary>
    public double Recall(int of) => Actual(of) is > 0 and var actual ? (double)At(of, of) / actual : 0;

    /// <summary>The harmonic mean of a class's precision and recall; 0 where it was neither there nor answered.</summary>
    public double F1(int of)
    {
        var together = Actual(of) + Answered(of);
        return together == 0 ? 0 : 2.0 * At(of, of) / together;
    }

    private long Answered(int of) => Enumerable.Range(0, classes).Sum(right => At(right, of));

    private long Actual(int of) => Enumerable.Range(0, classes).Sum(answer => At(of, answer));

    private long At(int right, int answer) => _counts[right * classes + answer];
}
