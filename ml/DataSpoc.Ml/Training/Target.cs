using System.Text.Json.Serialization;

namespace DataSpoc.Ml.Training;

/// <summary>What kind of answer is learned.</summary>
internal enum LearningTask
{
    /// <summary>One of two classes.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Multiclass,

    /// <summary>A number.</summary>
    Regression,
}

/// <summary>The column that is learned. Part of the model.</summary>
/// <param name="Column">As in the table.</param>
/// <param name="Type">DuckDB's SQL spelling.</param>
/// <param name="Task">What kind of answer it is.</param>
/// <param name="Classes">The classes as text; a label is the position. Binary: the second is the positive one. Empty for regression.</param>
internal sealed record Target(string Column, string Type, LearningTask Task, IReadOnlyList<string> Classes)
{
    /// <summary>Regression: the share of rows that is to lie below the answer, above 0 and below 1; null: the mean (or median) is learned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Quantile { get; init; }

    /// <summary>Figures per row that the model answers.</summary>
    [JsonIgnore]
    public int Outputs => Task == LearningTask.Multiclass ? Classes.Count : 1;
}
