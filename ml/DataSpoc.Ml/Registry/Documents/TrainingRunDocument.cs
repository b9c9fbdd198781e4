using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Registry.Documents;

/// <summary>Where a version stands.</summary>
internal enum VersionStatus
{
    /// <summary>The number is taken; the artifacts are being written. A version that stays so was killed: it is none.</summary>
    Writing,

    /// <summary>All artifacts are there.</summary>
    Registered,

    /// <summary>It was deleted; its number is not given again.</summary>
    Deleted,
}

/// <summary><c>run.json</c> of a version: how it came about, and what is needed to make it again.</summary>
/// <param name="Version">Of the document's form.</param>
/// <param name="RunId">The training run.</param>
/// <param name="Status">Whether the version is complete.</param>
/// <param name="Model">The model.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="Tool">The tool and its version: <c>ml 0.1.0</c>.</param>
/// <param name="Engine">The library and its version: <c>xgboost 1.7.4</c>.</param>
/// <param name="Command">The arguments it was started with.</param>
/// <param name="Table">What it was trained on, as the user wrote it.</param>
/// <param name="Seed">For the split and the trees.</param>
/// <param name="Parameters">XGBoost's parameters.</param>
/// <param name="StartedAt">When the run began.</param>
/// <param name="Input">The table with its snapshot.</param>
internal sealed record TrainingRunDocument(
    string Version, string RunId, VersionStatus Status, string Model, int ModelVersion, string Tool, string Engine, IReadOnlyList<string> Command,
    string Table, long Seed, IReadOnlyDictionary<string, string> Parameters, DateTimeOffset StartedAt, string? Input = null)
{
    /// <summary>What was asked for and found, for doing it again; null in versions of before.</summary>
    public RepeatableTraining? Request { get; init; }

    /// <summary>The revision of the source that the tool was built from; null where its build did not tell.</summary>
    public string? Revision { get; init; }

    /// <summary>When the version was complete; null before.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The version's files by name; null before they are all there.</summary>
    public IReadOnlyDictionary<string, Artifact>? Artifacts { get; init; }
}

/// <summary>What is needed to grow the same trees again.</summary>
/// <param name="Target">The target column.</param>
/// <param name="Task">What kind of answer, where the user said it.</param>
/// <param name="Excluded">Columns not to be used.</param>
/// <param name="Kept">Columns to be used whatever the rules say.</param>
/// <param name="Roles">Columns that order, group or weigh the rows.</param>
/// <param name="Metric">The figure to be good by.</param>
/// <param name="Boosting">The parameters that the search found.</param>
/// <param name="Rounds">Rounds of trees.</param>
internal sealed record RepeatableTraining(
    string Target, LearningTask? Task, IReadOnlyList<string> Excluded, IReadOnlyList<string> Kept, RowRoles Roles, string Metric, BoostingParameters Boosting, int Rounds)
{
    /// <summary>The share of the rows that was learned from; null: all.</summary>
    public double? Sample { get; init; }

    /// <summary>How much classes were asked to count, as it is typed; what they counted in the end stands in <see cref="Boosting"/>. Null in versions of before.</summary>
    public string? ClassWeight { get; init; }
}

/// <summary>A file of a version.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Of its content, in lower-case hexadecimal.</param>
internal sealed record Artifact(long Bytes, string Sha256);
