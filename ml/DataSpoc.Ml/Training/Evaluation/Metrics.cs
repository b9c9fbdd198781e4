namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>Figures that say how good predictions are, by name; in the order they are shown.</summary>
internal static class Metrics
{
    /// <summary>Probabilities are kept this far from 0 and 1 in the log loss, as scikit-learn does.</summary>
    private const double Epsilon = 1e-15;

    /// <summary>The figures for a task. One that cannot be worked out, such as the AUC of one class only, is not there.</summary>
    /// <param name="task">What was learned.</param>
    /// <param name="labels">What was right: a class's position, or the value. At least one.</param>
    /// <param name="outputs">What the model answered, row-major; as many per row as the task has outputs.</param>
    /// <param name="rule">Which class is answered; by default the more likely.</param>
    public static IReadOnlyDictionary<string, double> Of(LearningTask task, ReadOnlySpan<float> labels, ReadOnlySpan<float> outputs, AnswerRule? rule = null)
    {
        if (labels.Length == 0 || outputs.Length % labels.Length != 0)
            throw new ArgumentException($"{outputs.Length} answers for {labels.Length} rows", nameof(outputs));
        return task switch
        {
            LearningTask.Binary => Binary(labels, outputs, rule ?? AnswerRule.Plain),
            LearningTask.Multiclass => Multiclass(labels, outputs, rule ?? AnswerRule.Plain),
            _ => Regression(labels, outputs),
        };
    }

    /// <summary>The figures for a target: of a quantile also the pinball loss and the share of rows that lie below the answer.</summary>
    public static IReadOnlyDictionary<string, double> Of(Target target, ReadOnlySpan<float> labels, ReadOnlySpan<float> outputs, AnswerRule? rule = null)
    {
        var figures = Of(target.Task, labels, outputs, rule);
        if (target.Quantile is not { } quantile)
            return figures;
        var below = 0;
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] <= outputs[i])
                below++;
        return new Dictionary<string, double>(figures, StringComparer.Ordinal) { ["pinball"] = Pinball(labels, outputs, quantile), ["coverage"] = (double)below / labels.Length };
    }

    /// <summary>The mean pinball loss: being below costs <paramref name="quantile"/> per unit, being above the rest to 1.</summary>
    public static double Pinball(ReadOnlySpan<float> labels, ReadOnlySpan<float> outputs, double quantile)
    {
        var loss = 0.0;
        for (var i = 0; i < labels.Length; i++)
            loss += Math.Max(quantile * ((double)labels[i] - outputs[i]), (quantile - 1) * ((double)labels[i] - outputs[i]));
        return loss / labels.Length;
    }

    /// <summary>The position of the greatest probability; the first of equals.</summary>
    public static int MostLikely(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var c = 1; c < probabilities.Length; c++)
            if (probabilities[c] > probabilities[best])
                best = c;
        return best;
    }

    private static Dictionary<string, double> Binary(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities, AnswerRule rule)
    {
        var (loss, squares) = (0.0, 0.0);
        var confusion = new ConfusionMatrix(2);
        for (var i = 0; i < labels.Length; i++)
        {
            var right = labels[i] > 0.5f ? 1 : 0;
            loss -= Math.Log(Math.Clamp(right == 1 ? probabilities[i] : 1.0 - probabilities[i], Epsilon, 1 - Epsilon));
            squares += (probabilities[i] - right) * (double)(probabilities[i] - right);
            confusion.Add(right, rule.Class(probabilities.Slice(i, 1)));
        }
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        if (RankingQuality.Auc(labels, probabilities) is { } auc)
            figures["auc"] = auc;
        if (RankingQuality.AveragePrecision(labels, probabilities) is { } precision)
            figures["average_precision"] = precision;
        figures["logloss"] = loss / labels.Length;
        figures["accuracy"] = confusion.Accuracy;
        figures["balanced_accuracy"] = confusion.BalancedAccuracy;
        figures["f1"] = confusion.F1(1);
        figures["precision"] = confusion.Precision(1);
        figures["recall"] = confusion.Recall(1);
        figures["brier"] = squares / labels.Length;
        return figures;
    }

    private static Dictionary<string, double> Multiclass(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities, AnswerRule rule)
    {
        var classes = probabilities.Length / labels.Length;
        var loss = 0.0;
        var confusion = new ConfusionMatrix(classes);
        for (var i = 0; i < labels.Length; i++)
        {
            var row = probabilities.Slice(i * classes, classes);
            loss -= Math.Log(Math.Clamp((double)row[(int)labels[i]], Epsilon, 1 - Epsilon));
            confusion.Add((int)labels[i], rule.Class(row));
        }
        return new(StringComparer.Ordinal)
        {
            ["accuracy"] = confusion.Accuracy,
            ["logloss"] = loss / labels.Length,
            ["balanced_accuracy"] = confusion.BalancedAccuracy,
            ["f1"] = Enumerable.Range(0, classes).Average(confusion.F1),
        };
    }

    private static Dictionary<string, double> Regression(ReadOnlySpan<float> labels, ReadOnlySpan<float> values)
    {
        var mean = 0.0;
        foreach (var label in labels)
            mean += label;
        mean /= labels.Length;
        var (squares, absolutes, variance) = (0.0, 0.0, 0.0);
        for (var i = 0; i < labels.Length; i++)
        {
            var off = (double)values[i] - labels[i];
            squares += off * off;
            absolutes += Math.Abs(off);
            variance += (labels[i] - mean) * (labels[i] - mean);
        }
        var figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["rmse"] = Math.Sqrt(squares / labels.Length), ["mae"] = absolutes / labels.Length };
        if (variance > 0)
            figures["r2"] = 1 - squares / variance;
        return figures;
    }
}
