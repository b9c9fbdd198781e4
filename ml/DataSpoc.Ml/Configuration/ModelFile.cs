using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Configuration;

/// <summary><c>models/&lt;model&gt;.yaml</c>: what <c>ml train &lt;model&gt;</c> does. The keys are the command's options.</summary>
internal sealed record ModelFile
{
    /// <summary>The table to learn from.</summary>
    public required string From { get; init; }

    /// <summary>The column to predict.</summary>
    public required string Target { get; init; }

    /// <summary>The bucket, where neither <c>--bucket</c> nor ml.yaml names one.</summary>
    public string? Bucket { get; init; }

    /// <summary>What kind of answer; by default the target's values decide.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>The column by which rows follow each other.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Feature views to join.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The column whose rows of one value stay together.</summary>
    public string? Group { get; init; }

    /// <summary>The column by which rows count.</summary>
    public string? Weight { get; init; }

    /// <summary>How much classes count: <c>auto</c>, <c>none</c>, <c>balanced</c>, or <c>no=1,yes=50</c>.</summary>
    public string? ClassWeight { get; init; }

    /// <summary>Columns not to be used.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Columns to be used whatever the rules say.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>The figure to be good by.</summary>
    public string? Metric { get; init; }

    /// <summary>Regression: the quantile to learn; by default the mean.</summary>
    public double? Quantile { get; init; }

    /// <summary>The share of the rows to learn from; by default all.</summary>
    public double? Sample { get; init; }

    /// <summary>How long it may take.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Sets of parameters to try.</summary>
    public int? Trials { get; init; }

    /// <summary>The seed.</summary>
    public long? Seed { get; init; }

    /// <summary>The most rounds of trees.</summary>
    public int? Rounds { get; init; }
}
