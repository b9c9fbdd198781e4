namespace DataSpoc.Ml.Registry;

/// <summary>The names of a model's files (CONTRACT section 4).</summary>
internal static class ModelFiles
{
    /// <summary>XGBoost's own UBJSON.</summary>
    public const string Model = "model.ubj";

    /// <summary>How rows become features.</summary>
    public const string Features = "features.json";

    /// <summary>How good it is.</summary>
    public const string Metrics = "metrics.json";

    /// <summary>How it came about.</summary>
    public const string Run = "run.json";

    /// <summary>The folder of versions below a model's, with a slash at its end.</summary>
    public const string Versions = "versions/";

    /// <summary>The files whose copies lie directly in the model's folder.</summary>
    public static IReadOnlyList<string> Published { get; } = [Model, Features, Metrics];
}
