using DataSpoc.Contracts;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Prediction;

/// <summary>Opens a registered model and makes sure that it is the one its features describe.</summary>
internal static class ModelOpening
{
    /// <summary>Opens.</summary>
    /// <param name="model">What is known of it.</param>
    /// <param name="trees">UBJSON.</param>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="UserError">The file is no model of this XGBoost, or has other features.</exception>
    public static Booster Open(ModelDescription model, ReadOnlyMemory<byte> trees, int threads)
    {
        try
        {
            var booster = Booster.Load(trees.Span, threads);
            var names = model.Features.Preparation().Features.Select(f => f.Name).ToArray();
            if (booster.FeatureNames.SequenceEqual(names) && booster.FeatureCount == names.Length)
                return booster;
            booster.Dispose();
            throw Wrong(model, $"has {booster.FeatureNames.Count} features, features.json names {names.Length} or others", null);
        }
        catch (XGBoostException error)
        {
            throw Wrong(model, $"cannot be opened: {error.Message}", error);
        }
    }

    private static UserError Wrong(ModelDescription model, string what, Exception? inner) => new($"model `{model.Features.Model}@{model.Features.ModelVersion}` {what}", inner)
    {
        Hint = "train it again, or use another version",
    };
}
