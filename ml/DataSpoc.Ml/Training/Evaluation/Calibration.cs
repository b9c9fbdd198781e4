using System.Text.Json.Serialization;

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

    private static double LogOdds(float probability)
    {
        var p = Math.Clamp((double)probability, 1e-7, 1 - 1e-7);
        return Math.Log(p / (1 - p));
    }
}

/// <summary>What becomes of a yes/no model's probabilities. Part of the model.</summary>
/// <param name="Threshold">From which probability on the answer is yes.</param>
/// <param name="Calibration">What is done to the trees' probabilities before; null: nothing.</param>
internal sealed record AnswerRule(double Threshold, Calibration? Calibration = null)
{
    /// <summary>Yes from one half on.</summary>
    [JsonIgnore]
    public static AnswerRule Plain { get; } = new(0.5);

    // finer at both ends: of a class of one row in five hundred the best threshold lies there
    private static IEnumerable<double> Quantiles =>
        [.. Enumerable.Range(1, 9).Select(i => i / 1000.0), .. Enumerable.Range(1, 99).Select(i => i / 100.0), .. Enumerable.Range(991, 9).Select(i => i / 1000.0)];

    /// <summary>Calibrates probabilities where they lie.</summary>
    public void Apply(Span<float> probabilities)
    {
        if (Calibration is { } calibration)
            foreach (ref var probability in probabilities)
                probability = calibration.Of(probability);
    }

    /// <summary>Chooses for a metric from answers to rows that the trees were not grown on.</summary>
    public static AnswerRule Learn(string metric, float[] labels, float[] probabilities)
    {
        var rule = new AnswerRule(0.5, Calibration.Learn(labels, probabilities));
        if (!MetricName.NeedsThreshold(metric))
            return rule;
        var calibrated = probabilities.ToArray();
        rule.Apply(calibrated);
        var sorted = calibrated.ToArray();
        Array.Sort(sorted);
        // one half stays unless another is better: on ties the simplest
        var best = (Threshold: 0.5, Figure: Metrics.Of(LearningTask.Binary, labels, calibrated)[metric]);
        foreach (var quantile in Quantiles)
        {
            var threshold = Math.Round(sorted[(int)(sorted.Length * quantile)], 4);
            var figure = Metrics.Of(LearningTask.Binary, labels, calibrated, threshold)[metric];
            if (threshold is > 0 and < 1 && figure > best.Figure)
                best = (threshold, figure);
        }
        return rule with { Threshold = best.Threshold };
    }
}
