namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>What can be answered without looking at a row: the share of each class in the training rows, or their mean.</summary>
internal static class Baseline
{
    /// <summary>The answer to every row: as many figures as the target has outputs.</summary>
    /// <param name="target">What is learned.</param>
    /// <param name="labels">Of the training rows; at least one.</param>
    public static float[] Answer(Target target, ReadOnlySpan<float> labels)
    {
        if (target.Task == LearningTask.Multiclass)
        {
            var counts = new float[target.Classes.Count];
            foreach (var label in labels)
                counts[(int)label]++;
            for (var c = 0; c < counts.Length; c++)
                counts[c] /= labels.Length;
            return counts;
        }
        if (target.Quantile is { } quantile)
            return [(float)QuantileRounds.Of(labels.ToArray(), null, quantile)];
        var sum = 0.0;
        foreach (var label in labels)
            sum += label;
        return [(float)(sum / labels.Length)];
    }

    /// <summary>How good that answer is.</summary>
    public static IReadOnlyDictionary<string, double> Figures(Target target, ReadOnlySpan<float> trainingLabels, ReadOnlySpan<float> labels)
    {
        var answer = Answer(target, trainingLabels);
        var outputs = new float[labels.Length * answer.Length];
        for (var row = 0; row < labels.Length; row++)
            answer.CopyTo(outputs, row * answer.Length);
        return Metrics.Of(target, labels, outputs);
    }
}
