using DataSpoc.Contracts;

namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>The figures a model can be chosen by: their names, for which task, and which way is better.</summary>
internal static class MetricName
{
    private static readonly Dictionary<LearningTask, string[]> Names = new()
    {
        [LearningTask.Binary] = ["auc", "average_precision", "logloss", "accuracy", "balanced_accuracy", "f1", "brier"],
        [LearningTask.Multiclass] = ["accuracy", "logloss", "balanced_accuracy", "f1"],
        [LearningTask.Regression] = ["rmse", "mae", "r2"],
    };

    private static readonly string[] Quantiles = ["pinball"];

    /// <summary>The figure a target is judged by where the user names none.</summary>
    public static string Default(Target target) => Of(target)[0];

    /// <summary>The figure a user names.</summary>
    /// <exception cref="UserError">It is not one of the task's (<see cref="ExitCode.Usage"/>).</exception>
    public static string Require(string? name, Target target) => name is null ? Default(target) : Of(target).Contains(name) ? name : throw new UserError(
        $"`{name}` is not a metric of a {(target.Quantile is null ? target.Task.ToString().ToLowerInvariant() : "quantile")} model")
    {
        Where = [("metrics", string.Join(", ", Of(target)))],
        ExitCode = ExitCode.Usage,
    };

    /// <summary>Whether more is better.</summary>
    public static bool MoreIsBetter(string name) => name is not ("logloss" or "brier" or "rmse" or "mae" or "pinball");

    /// <summary>Whether the first figure is better than the second.</summary>
    public static bool Better(string name, double figure, double than) => MoreIsBetter(name) ? figure > than : figure < than;

    /// <summary>Whether it depends on where a probability becomes a yes.</summary>
    public static bool NeedsThreshold(string name) => name is "accuracy" or "balanced_accuracy" or "f1";

    /// <summary>
    /// The figure by which parameters are compared for it: counting right answers is too coarse for that, so those are compared by the
    /// probabilities' log loss.
    /// </summary>
    public static string ForSearch(string name) => name switch
    {
        "accuracy" or "balanced_accuracy" or "f1" or "brier" => "logloss",
        "r2" => "rmse",
        _ => name,
    };

    private static string[] Of(Target target) => target.Quantile is null ? Names[target.Task] : Quantiles;
}
