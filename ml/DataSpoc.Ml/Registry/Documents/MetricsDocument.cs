using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.Search;

namespace DataSpoc.Ml.Registry.Documents;

/// <summary><c>metrics.json</c>: how good a model is, on rows it never saw.</summary>
/// <param name="Version">Of the document's form.</param>
/// <param name="Model">The model.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="Task">What kind of answer.</param>
/// <param name="Metric">The figure it is judged by; one of those in <paramref name="Holdout"/>.</param>
/// <param name="Rows">What the figures were made from.</param>
/// <param name="Holdout">Figures on the holdout; empty where there were too few rows for one.</param>
/// <param name="Baseline">The same figures of an answer that does not look at the row.</param>
/// <param name="Rounds">Rounds of trees.</param>
/// <param name="Importance">Features by what splits by them won, in falling order.</param>
/// <param name="Validation">The figure of the best trial on the rows that chose it; null where there were too few.</param>
internal sealed record MetricsDocument(
    string Version, string Model, int ModelVersion, LearningTask Task, string Metric, RowCounts Rows, IReadOnlyDictionary<string, double> Holdout,
    IReadOnlyDictionary<string, double> Baseline, int Rounds, IReadOnlyList<FeatureImportance> Importance, double? Validation = null)
{
    /// <summary>Where the holdout's figures lie with 95 % confidence.</summary>
    public IReadOnlyDictionary<string, Interval> Intervals { get; init => field = value ?? new Dictionary<string, Interval>(); } = new Dictionary<string, Interval>();

    /// <summary>The holdout's figures of a linear model.</summary>
    public IReadOnlyDictionary<string, double> Linear { get; init => field = value ?? new Dictionary<string, double>(); } = new Dictionary<string, double>();

    /// <summary>Rows of each class, learned from or held out; empty for a number.</summary>
    public IReadOnlyDictionary<string, int> Classes { get; init => field = value ?? new Dictionary<string, int>(); } = new Dictionary<string, int>();

    /// <summary>How rows were split: stratified, grouped or forward.</summary>
    public string Scheme { get; init => field = value ?? "stratified"; } = "stratified";

    /// <summary>What was tried to find the parameters.</summary>
    public SearchRecord? Search { get; init; }

    /// <summary>For drawing; null without a holdout.</summary>
    public Curves? Curves { get; init; }

    /// <summary>How long what took.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init => field = value ?? new Dictionary<string, double>(); } = new Dictionary<string, double>();

    /// <summary>The figure the model is judged by, among <see cref="Holdout"/> or <see cref="Baseline"/>; null where it could not be worked out.</summary>
    public double? Headline(IReadOnlyDictionary<string, double> figures) => figures.TryGetValue(Metric, out var figure) ? figure : null;
}

/// <summary>A search for parameters.</summary>
/// <param name="Metric">The figure by which trials were compared.</param>
/// <param name="Ended">What ended it.</param>
/// <param name="Best">The number of the trial that was kept.</param>
/// <param name="Trials">All trials.</param>
internal sealed record SearchRecord(string Metric, SearchEnd Ended, int Best, IReadOnlyList<TrialRecord> Trials)
{
    /// <summary>Of a search's outcome.</summary>
    public static SearchRecord? Of(SearchOutcome? search, string metric) => search is null ? null : new(
        MetricName.ForSearch(metric), search.Ended, search.Best.Number,
        [.. search.Tried.Select(t => new TrialRecord(t.Trial.Number, t.Trial.Parameters, t.Trial.Folds.Count, t.Trial.Rounds, t.Figure))]);
}

/// <summary>A set of parameters that was tried.</summary>
/// <param name="Number">From 0 on.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Folds">Folds it was tried on.</param>
/// <param name="Rounds">The mean of their best rounds.</param>
/// <param name="Figure">The figure over their validation rows.</param>
internal sealed record TrialRecord(int Number, BoostingParameters Parameters, int Folds, int Rounds, double Figure);

/// <summary>How many rows served for what.</summary>
/// <param name="Table">All rows of the table.</param>
/// <param name="WithoutTarget">Rows without a target, left out.</param>
/// <param name="Training">Rows learned from, the validation rows included.</param>
/// <param name="Validation">Rows that chose the parameters and told when to stop, each in one fold.</param>
/// <param name="Holdout">Rows nothing was learned from.</param>
internal sealed record RowCounts(long Table, long WithoutTarget, int Training, int Validation, int Holdout);

/// <summary>What a feature is worth.</summary>
/// <param name="Feature">As in the model.</param>
/// <param name="Column">The column it is made from.</param>
/// <param name="Gain">Its share of the gain of all splits; all together 1.</param>
internal sealed record FeatureImportance(string Feature, string Column, double Gain);
