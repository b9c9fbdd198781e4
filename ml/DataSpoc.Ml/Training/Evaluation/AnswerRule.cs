using System.Text.Json.Serialization;

namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>What becomes of a model's probabilities, and which class is answered. Part of the model.</summary>
/// <param name="Threshold">Two classes: from which probability on the answer is yes.</param>
/// <param name="Calibration">Two classes: what is done to the trees' probabilities before; null: nothing.</param>
internal sealed record AnswerRule(double Threshold, Calibration? Calibration = null)
{
    /// <summary>Several classes: what is done to the trees' probabilities; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassCalibration? Classes { get; init; }

    /// <summary>Several classes: what each one's probability counts when the greatest is answered; null: all the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Counts { get; init; }

    /// <summary>Yes from one half on; the most likely of several.</summary>
    [JsonIgnore]
    public static AnswerRule Plain { get; } = new(0.5);

    /// <summary>The class that is answered; the first of equals.</summary>
    /// <param name="probabilities">Of the second of two classes, or of each.</param>
    public int Class(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length == 1)
            return probabilities[0] >= Threshold ? 1 : 0;
        if (Counts is not { } counts)
            return Metrics.MostLikely(probabilities);
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++)
            if (probabilities[c] * counts[c] > probabilities[best] * counts[best])
                best = c;
        return best;
    }

    /// <summary>Makes of the trees' probabilities what is answered, where they lie.</summary>
    public void Apply(Span<float> probabilities)
    {
        Classes?.Apply(probabilities);
        if (Calibration is { } calibration)
            foreach (ref var probability in probabilities)
                probability = calibration.Of(probability);
    }

    /// <summary>Chooses for a metric from answers to rows that the trees were not grown on.</summary>
    /// <param name="metric">The figure to be good by.</param>
    /// <param name="target">Classes.</param>
    /// <param name="labels">What was right.</param>
    /// <param name="probabilities">Those of rows that all count the same; none without such rows.</param>
    /// <param name="weights">What the classes counted in training; null: all the same.</param>
    /// <param name="meant">Whether a user wanted these: where the metric leaves it open, the answer is what they make even.</param>
    public static AnswerRule Learn(string metric, Target target, float[] labels, float[] probabilities, IReadOnlyList<double>? weights, bool meant) => target.Task == LearningTask.Binary
        ? Binary(metric, labels, probabilities, weights, meant)
        : Several(metric, target, labels, probabilities, weights, meant);

    private static AnswerRule Binary(string metric, float[] labels, float[] probabilities, IReadOnlyList<double>? weights, bool meant)
    {
        var shift = weights is null ? 0 : ClassWeights.Shift(weights);
        var calibration = Calibration.Learn(labels, probabilities);
        var threshold = meant && weights is not null && !MetricName.NeedsThreshold(metric) ? weights[0] / (weights[0] + weights[1]) : 0.5;
        if (MetricName.NeedsThreshold(metric) && labels.Length > 0)
            threshold = BestThreshold.For(metric, labels, [.. probabilities.Select(p => calibration?.Of(p) ?? p)]);
        return new(threshold, shift == 0 ? calibration : (calibration ?? new(1, 0)).After(shift));
    }

    private static AnswerRule Several(string metric, Target target, float[] labels, float[] probabilities, IReadOnlyList<double>? weights, bool meant)
    {
        var calibration = ClassCalibration.Learn(labels, probabilities, target.Classes.Count);
        var calibrated = probabilities.ToArray();
        calibration?.Apply(calibrated);
        return Plain with
        {
            Classes = weights is null ? calibration : calibration?.After(weights) ?? ClassCalibration.TakingOut(weights),
            Counts = metric is "balanced_accuracy" or "f1" && labels.Length > 0 ? Counting(metric, target, labels, calibrated) : meant ? weights : null,
        };
    }

    // a class counts the more the rarer it is: by how much is what the figure decides
    private static double[]? Counting(string metric, Target target, float[] labels, float[] probabilities)
    {
        double[]? best = null;
        var figure = Metrics.Of(target, labels, probabilities)[metric];
        foreach (var power in new[] { 0.25, 0.5, 0.75, 1 })
            if (ClassWeights.Balanced(target, labels, power) is double[] counts && Metrics.Of(target, labels, probabilities, Plain with { Counts = counts })[metric] is var reached && reached > figure)
                (best, figure) = (counts, reached);
        return best;
    }
}
