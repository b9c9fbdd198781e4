namespace DataSpoc.Ml.Monitoring;

/// <summary>How a column is spread now against how it was spread in training.</summary>
/// <param name="Column">As in the table.</param>
/// <param name="Rows">Rows now.</param>
/// <param name="MissingBefore">Share of rows without a value in training.</param>
/// <param name="MissingNow">The same now.</param>
/// <param name="Psi">Population stability index over the bins, missing ones included.</param>
/// <param name="PsiThreshold">What it exceeds by chance in one of twenty comparisons of so many rows.</param>
/// <param name="Ks">Numbers: the greatest difference of the cumulated shares at the bins' edges; null otherwise.</param>
/// <param name="ChiSquare">Of the counts in the bins.</param>
/// <param name="JensenShannon">The distance of Jensen and Shannon, 0 to 1: how large the difference is, whatever the number of rows.</param>
/// <param name="Probability">How likely such a difference is by chance.</param>
internal sealed record ColumnDrift(
    string Column, long Rows, double MissingBefore, double MissingNow, double Psi, double PsiThreshold, double? Ks, double ChiSquare, double JensenShannon, double Probability)
{
    private const double Chance = 0.05;

    /// <summary>The probability corrected for the number of columns compared.</summary>
    public double Rate { get; init; } = Probability;

    /// <summary>Whether the difference is more than chance and large enough to matter.</summary>
    /// <param name="level">The most false alarms among alarms.</param>
    /// <param name="effect">The least distance of Jensen and Shannon.</param>
    public bool Alarms(double level, double effect) => Rate < level && JensenShannon >= effect;

    /// <summary>Compares. Pure.</summary>
    /// <param name="before">In training.</param>
    /// <param name="now">Over the same bins.</param>
    public static ColumnDrift Between(ColumnDistribution before, ColumnDistribution now)
    {
        double[] was = [.. before.Counts.Select(c => (double)c), before.Missing];
        double[] becomes = [.. now.Counts.Select(c => (double)c), now.Missing];
        int[] used = [.. Enumerable.Range(0, was.Length).Where(i => was[i] + becomes[i] > 0)];
        var (rowsBefore, rowsNow) = (was.Sum(), becomes.Sum());
        if (used.Length < 2 || rowsBefore == 0 || rowsNow == 0)
            return new(before.Column, now.Rows, Share(before), Share(now), 0, 0, before.Edges is null ? null : 0, 0, 0, 1);
        var (psi, chi, divergence) = (0.0, 0.0, 0.0);
        foreach (var i in used)
        {
            // an empty bin counts as half a row, as the index needs both logarithms
            var (p, q) = (Math.Max(was[i], 0.5) / rowsBefore, Math.Max(becomes[i], 0.5) / rowsNow);
            psi += (q - p) * Math.Log(q / p);
            var (a, b) = (was[i] / rowsBefore, becomes[i] / rowsNow);
            var middle = (a + b) / 2;
            divergence += 0.5 * (Term(a, middle) + Term(b, middle));
            var off = was[i] * Math.Sqrt(rowsNow / rowsBefore) - becomes[i] * Math.Sqrt(rowsBefore / rowsNow);
            chi += off * off / (was[i] + becomes[i]);
        }
        var freedom = used.Length - 1;
        var probability = TestStatistics.ChiSquareTail(chi, freedom);
        double? ks = before.Edges is null ? null : Distance(before, now);
        if (ks is { } distance && rowsBefore > before.Missing && rowsNow > now.Missing)
            // two tests: the better of them, twice as likely
            probability = Math.Min(1, 2 * Math.Min(probability, TestStatistics.KolmogorovTail(distance, before.Rows - before.Missing, now.Rows - now.Missing)));
        // without drift the index is close to a chi-square divided by the rows (Yurdakul 2018)
        var threshold = TestStatistics.ChiSquareQuantile(Chance, freedom) * (1 / rowsBefore + 1 / rowsNow);
        return new(before.Column, now.Rows, Share(before), Share(now), psi, threshold, ks, chi, Math.Sqrt(Math.Max(0, divergence)), probability);
    }

    /// <summary>The columns' probabilities corrected for their number.</summary>
    public static IReadOnlyList<ColumnDrift> Corrected(IReadOnlyList<ColumnDrift> drifts)
    {
        var rates = TestStatistics.FalseDiscoveryRates([.. drifts.Select(d => d.Probability)]);
        return [.. drifts.Select((drift, i) => drift with { Rate = rates[i] })];
    }

    private static double Term(double share, double middle) => share == 0 ? 0 : share * Math.Log2(share / middle);

    private static double Distance(ColumnDistribution before, ColumnDistribution now)
    {
        var (n, m) = (Math.Max(1, before.Counts.Sum()), Math.Max(1, now.Counts.Sum()));
        var (was, becomes, most) = (0.0, 0.0, 0.0);
        for (var i = 0; i < before.Counts.Count; i++)
        {
            was += (double)before.Counts[i] / n;
            becomes += (double)now.Counts[i] / m;
            most = Math.Max(most, Math.Abs(was - becomes));
        }
        return most;
    }

    private static double Share(ColumnDistribution of) => of.Rows == 0 ? 0 : (double)of.Missing / of.Rows;
}
