using System.Globalization;
using System.Text.Json.Serialization;

namespace DataSpoc.Ml.Training;

/// <summary>
/// How trees are grown. The defaults are those with the least mean loss in the folds of the training files of three public tables of 275 to 26,000 rows
/// (<c>tests/bench/run defaults</c>); a search starts from them.
/// </summary>
internal sealed record BoostingParameters
{
    /// <summary>What a tree's answer is multiplied with, above 0 to 1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Levels of a tree.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>The least sum of second derivatives in a leaf.</summary>
    public double LeastChildWeight { get; init; } = 1;

    /// <summary>The share of rows a tree sees.</summary>
    public double RowShare { get; init; } = 0.8;

    /// <summary>The share of columns a tree sees.</summary>
    public double ColumnShare { get; init; } = 0.8;

    /// <summary>L2 penalty on a leaf's answer.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>
    /// Columns of fewer categories are split one category against all others; those of more by sets, which fit more and so overfit sooner.
    /// </summary>
    public int OneHotBelow { get; init; } = 4;

    /// <summary>How much the rows of each class count, in the order of the target's classes; null where all count the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? ClassWeights { get; init; }

    private const int MostBins = 256, LeastBins = 32, MostBinsOfAll = 256_000;

    /// <summary>
    /// Bins of a numeric column; the same in a whole search, because the matrix is made once. Of thousands of columns fewer each: every node of a tree
    /// holds a histogram of all bins.
    /// </summary>
    /// <param name="columns">Of the matrix.</param>
    public static int Bins(int columns) => Math.Clamp(MostBinsOfAll / Math.Max(1, columns), LeastBins, MostBins);

    /// <summary>XGBoost's own parameters for a target.</summary>
    /// <param name="objective">What is learned, and for which figure.</param>
    /// <param name="baseScore">What a model without trees answers: a probability, or the mean.</param>
    /// <param name="columns">Of the matrix.</param>
    /// <param name="seed">For the rows and columns of each tree.</param>
    /// <param name="threads">At least 1; does not change the model.</param>
    public IReadOnlyList<KeyValuePair<string, string>> For(LearningObjective objective, double baseScore, int columns, long seed, int threads)
    {
        var parameters = new List<KeyValuePair<string, string>>
        {
            new("booster", "gbtree"),
            new("tree_method", "hist"),
            new("nthread", Text(threads)),
            new("seed", Text(seed & int.MaxValue)),
            new("objective", objective.Name),
            new("eval_metric", objective.Loss),
            new("base_score", Text(baseScore)),
            new("eta", Text(LearningRate)),
            new("max_depth", Text(Depth)),
            new("min_child_weight", Text(LeastChildWeight)),
            new("subsample", Text(RowShare)),
            new("colsample_bytree", Text(ColumnShare)),
            new("lambda", Text(Lambda)),
            new("max_cat_to_onehot", Text(OneHotBelow)),
            new("max_bin", Text(Bins(columns))),
        };
        if (objective.Target.Task == LearningTask.Multiclass)
            parameters.Add(new("num_class", Text(objective.Target.Classes.Count)));
        return parameters;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>What is minimised.</summary>
/// <param name="Target">What is learned.</param>
/// <param name="Metric">The figure that is wanted: for <c>mae</c> the median is learned, otherwise the mean or the probability.</param>
internal sealed record LearningObjective(Target Target, string Metric)
{
    /// <summary>XGBoost's objective.</summary>
    public string Name => Target.Task switch
    {
        LearningTask.Binary => "binary:logistic",
        LearningTask.Multiclass => "multi:softprob",
        _ when Metric == "mae" => "reg:absoluteerror",
        _ => "reg:squarederror",
    };

    /// <summary>XGBoost's figure by which it is told when to stop; less is better.</summary>
    public string Loss => Target.Task switch
    {
        LearningTask.Binary => "logloss",
        LearningTask.Multiclass => "mlogloss",
        _ when Metric == "mae" => "mae",
        _ => "rmse",
    };
}
