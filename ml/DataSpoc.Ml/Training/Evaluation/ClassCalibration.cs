namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>
/// Brings the probabilities of several classes to what really happens (Platt scaling for more than two, with one slope): the logarithms are multiplied
/// and shifted by class, and the sum made 1 again. Part of the model.
/// </summary>
/// <param name="Slope">Above 0.</param>
/// <param name="Intercepts">One per class.</param>
internal sealed record ClassCalibration(double Slope, IReadOnlyList<double> Intercepts)
{
    private const int LeastRows = 500;
    private const int MostRows = 20_000;
    private const int Steps = 30;
    private const double Smallest = 1e-9;

    /// <summary>Share of the log loss that it must win to be worth it.</summary>
    private const double LeastGain = 0.005;

    /// <summary>Calibrates where they lie.</summary>
    /// <param name="probabilities">Row-major: of each class.</param>
    public void Apply(Span<float> probabilities)
    {
        var classes = Intercepts.Count;
        Span<double> logs = stackalloc double[classes];
        for (var row = 0; row < probabilities.Length; row += classes)
        {
            var of = probabilities.Slice(row, classes);
            var (most, sum) = (double.NegativeInfinity, 0.0);
            for (var c = 0; c < classes; c++)
                most = Math.Max(most, logs[c] = Slope * Math.Log(Math.Max(of[c], Smallest)) + Intercepts[c]);
            for (var c = 0; c < classes; c++)
                sum += logs[c] = Math.Exp(logs[c] - most);
            for (var c = 0; c < classes; c++)
                of[c] = (float)(logs[c] / sum);
        }
    }

    /// <summary>What takes the weights out that classes had in training, and nothing else.</summary>
    public static ClassCalibration TakingOut(IReadOnlyList<double> weights) => new(1, [.. weights.Select(w => -Math.Log(w))]);

    /// <summary>The same, for probabilities from which <paramref name="weights"/> are to be taken out before.</summary>
    public ClassCalibration After(IReadOnlyList<double> weights) => this with { Intercepts = [.. Intercepts.Zip(weights, (i, w) => i - Slope * Math.Log(w))] };

    /// <summary>Learns it from answers to rows that the trees were not grown on.</summary>
    /// <param name="labels">What was right.</param>
    /// <param name="probabilities">Row-major.</param>
    /// <param name="classes">How many.</param>
    /// <returns>Null where it would win nothing.</returns>
    public static ClassCalibration? Learn(float[] labels, float[] probabilities, int classes)
    {
        if (labels.Length < LeastRows)
            return null;
        int[] rows = [.. Enumerable.Range(0, Math.Min(labels.Length, MostRows)).Select(i => (int)((long)i * labels.Length / Math.Min(labels.Length, MostRows)))];
        float[] some = [.. rows.Select(r => labels[r])], of = [.. rows.SelectMany(r => probabilities[(r * classes)..((r + 1) * classes)])];
        var counts = new double[classes];
        foreach (var label in some)
            counts[(int)label]++;
        var learned = new ClassCalibration(1, new double[classes]);
        for (var step = 0; step < Steps; step++)
            learned = learned.Step(some, of, counts);
        var after = of.ToArray();
        learned.Apply(after);
        return double.IsFinite(learned.Slope) && learned.Slope > 0 && Loss(some, after) < Loss(some, of) * (1 - LeastGain) ? learned : null;
    }

    // where the loss is least each class's probabilities sum up to its rows, and the derivative by the slope is 0: one Newton step towards both
    private ClassCalibration Step(float[] labels, float[] probabilities, double[] counts)
    {
        var calibrated = probabilities.ToArray();
        Apply(calibrated);
        var sums = new double[counts.Length];
        var (gradient, curvature) = (0.0, 1e-9);
        for (var row = 0; row < labels.Length; row++)
        {
            var (mean, square, at) = (0.0, 0.0, row * counts.Length);
            for (var c = 0; c < counts.Length; c++)
            {
                var (p, log) = ((double)calibrated[at + c], Math.Log(Math.Max(probabilities[at + c], Smallest)));
                sums[c] += p;
                mean += p * log;
                square += p * log * log;
            }
            gradient += mean - Math.Log(Math.Max(probabilities[at + (int)labels[row]], Smallest));
            curvature += square - mean * mean;
        }
        // half a row of each class keeps one without rows from being impossible
        return new(Math.Clamp(Slope - gradient / curvature, Slope / 2, Slope * 2), [.. Intercepts.Select((i, c) => i + Math.Log((counts[c] + 0.5) / (sums[c] + 0.5)))]);
    }

    private static double Loss(float[] labels, float[] probabilities)
    {
        var (loss, classes) = (0.0, probabilities.Length / labels.Length);
        for (var row = 0; row < labels.Length; row++)
            loss -= Math.Log(Math.Max(probabilities[row * classes + (int)labels[row]], 1e-15));
        return loss;
    }
}
