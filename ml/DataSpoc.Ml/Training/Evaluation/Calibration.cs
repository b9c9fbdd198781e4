namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>
/// Brings probabilities to what really happens (Platt scaling): the log odds are multiplied and shifted. Part of the model; the order of rows
/// by probability stays.
/// </summary>
/// <param name="Slope">Above 0.</param>
/// <param name="Intercept">In log odds.</param>
internal sealed record Calibration(double Slope, double Intercept)
{
    private const int LeastRows = 500;

    /// <summary>Share of the log loss that it must win to be worth it.</summary>
    private const double LeastGain = 0.005;

    /// <summary>The calibrated probability.</summary>
    public float Of(float probability) => (float)(1 / (1 + Math.Exp(-(Slope * LogOdds(probability) + Intercept))));

    /// <summary>Learns it from answers to rows that the trees were not grown on.</summary>
    /// <returns>Null where it would win nothing.</returns>
    public static Calibration? Learn(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        if (labels.Length < LeastRows)
            return null;
        var (slope, intercept) = (1.0, 0.0);
        for (var step = 0; step < 25; step++)
        {
            var (gs, gi, ss, si, ii) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
            for (var i = 0; i < labels.Length; i++)
            {
                var x = LogOdds(probabilities[i]);
                var p = 1 / (1 + Math.Exp(-(slope * x + intercept)));
                var (off, w) = (p - labels[i], p * (1 - p));
                (gs, gi, ss, si, ii) = (gs + off * x, gi + off, ss + w * x * x, si + w * x, ii + w);
            }
            var determinant = ss * ii - si * si;
            if (determinant <= 0)
                return null;
            var (ds, di) = ((ii * gs - si * gi) / determinant, (ss * gi - si * gs) / determinant);
            (slope, intercept) = (slope - ds, intercept - di);
            if (Math.Abs(ds) + Math.Abs(di) < 1e-9)
                break;
        }
        if (!double.IsFinite(slope) || !double.IsFinite(intercept) || slope <= 0)
            return null;
        var learned = new Calibration(slope, intercept);
        var before = Metrics.Of(LearningTask.Binary, labels, probabilities)["logloss"];
        var after = Metrics.Of(LearningTask.Binary, labels, learned.All(probabilities))["logloss"];
        return after < before * (1 - LeastGain) ? learned : null;
    }

    private float[] All(ReadOnlySpan<float> probabilities)
    {
        var calibrated = probabilities.ToArray();
        for (var i = 0; i < calibrated.Length; i++)
            calibrated[i] = Of(calibrated[i]);
        return calibrated;
    }

    /// <summary>The same for probabilities whose log odds are off by <paramref name="shift"/>.</summary>
    public Calibration After(double shift) => this with { Intercept = Intercept - Slope * shift };

    private static double LogOdds(float probability)
    {
        var p = Math.Clamp((double)probability, 1e-7, 1 - 1e-7);
        return Math.Log(p / (1 - p));
    }
}
