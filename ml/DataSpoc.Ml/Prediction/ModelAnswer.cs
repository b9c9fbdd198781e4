using System.Globalization;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Prediction;

/// <summary>What a row's outputs mean.</summary>
internal static class ModelAnswer
{
    /// <summary>The class that is answered; its position.</summary>
    public static int Class(FeaturesDocument features, ReadOnlySpan<float> outputs) =>
        (features.Answer ?? AnswerRule.Plain).Class(outputs);

    /// <summary>In words: <c>`true` (0.83)</c>, or the number.</summary>
    public static string Text(FeaturesDocument features, ReadOnlySpan<float> outputs)
    {
        if (features.Target.Task == LearningTask.Regression)
            return outputs[0].ToString("G7", CultureInfo.InvariantCulture);
        var answer = Class(features, outputs);
        var probability = outputs.Length > 1 ? outputs[answer] : answer == 1 ? outputs[0] : 1 - outputs[0];
        return string.Create(CultureInfo.InvariantCulture, $"`{features.Target.Classes[answer]}` with probability {probability:0.####}");
    }
}
