namespace DataSpoc.Ml.Monitoring;

/// <summary>How likely a statistic is by chance.</summary>
internal static class TestStatistics
{
    /// <summary>The share of a chi-square distribution above a value: the upper regularised gamma function (Numerical Recipes §6.2).</summary>
    /// <param name="value">0 or more.</param>
    /// <param name="freedom">Degrees of freedom, at least 1.</param>
    public static double ChiSquareTail(double value, int freedom)
    {
        if (value <= 0)
            return 1;
        var (a, x) = (freedom / 2.0, value / 2);
        var scale = Math.Exp(-x + a * Math.Log(x) - LogGamma(a));
        if (x < a + 1)
        {
            var (term, sum) = (1 / a, 1 / a);
            for (var n = 1; n < 1000 && term > sum * 1e-15; n++)
                sum += term *= x / (a + n);
            return Math.Max(0, 1 - sum * scale);
        }
        var b = x + 1 - a;
        var c = 1e300;
        var d = 1 / b;
        var fraction = d;
        for (var n = 1; n < 1000; n++)
        {
            var an = -n * (n - a);
            b += 2;
            d = 1 / (an * d + b);
            c = b + an / c;
            fraction *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15)
                break;
        }
        return Math.Clamp(scale * fraction, 0, 1);
    }

    /// <summary>The value that a chi-square distribution exceeds in a share of cases.</summary>
    public static double ChiSquareQuantile(double tail, int freedom)
    {
        var (low, high) = (0.0, freedom + 20 * Math.Sqrt(2.0 * freedom) + 50);
        for (var step = 0; step < 80; step++)
            if (ChiSquareTail((low + high) / 2, freedom) > tail)
                low = (low + high) / 2;
            else
                high = (low + high) / 2;
        return (low + high) / 2;
    }

    /// <summary>How likely two samples of one distribution differ by a distance of Kolmogorov and Smirnov or more.</summary>
    public static double KolmogorovTail(double distance, long first, long second)
    {
        var root = Math.Sqrt((double)first * second / (first + second));
        var z = (root + 0.12 + 0.11 / root) * distance;
        if (z < 0.2)
            return 1;
        var sum = 0.0;
        for (var n = 1; n <= 100; n++)
            sum += (n % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * n * n * z * z);
        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>
    /// Probabilities corrected for their number (Benjamini and Hochberg 1995): of those below a level, at most that share is there by chance.
    /// </summary>
    public static IReadOnlyList<double> FalseDiscoveryRates(IReadOnlyList<double> probabilities)
    {
        int[] order = [.. Enumerable.Range(0, probabilities.Count).OrderByDescending(i => probabilities[i])];
        var rates = new double[probabilities.Count];
        var least = 1.0;
        for (var i = 0; i < order.Length; i++)
            rates[order[i]] = least = Math.Min(least, probabilities[order[i]] * order.Length / (order.Length - i));
        return rates;
    }

    // Lanczos, g = 7
    private static double LogGamma(double x)
    {
        ReadOnlySpan<double> g = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
        x -= 1;
        var sum = g[0];
        for (var i = 1; i < g.Length; i++)
            sum += g[i] / (x + i);
        var t = x + 7.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x + 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
