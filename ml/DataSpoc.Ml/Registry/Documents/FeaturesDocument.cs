using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Features;
using DataSpoc.Ml.Monitoring;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Registry.Documents;

/// <summary><c>features.json</c>: how rows become a model's features. It belongs to the model; nothing is predicted without it.</summary>
/// <param name="Version">Of the document's form.</param>
/// <param name="Model">The model.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="Target">What is predicted.</param>
/// <param name="Columns">The columns a table must have, and what is made of each.</param>
/// <param name="LeftOut">The columns that were there and are not used.</param>
/// <param name="Keys">The columns that identified a row of the training table; they are carried into predictions.</param>
/// <param name="Table">What it was trained on, as the user wrote it.</param>
/// <param name="Input">The same with its snapshot: <c>curated/parcels/deliveries@12</c>.</param>
internal sealed record FeaturesDocument(
    string Version, string Model, int ModelVersion, Target Target, IReadOnlyList<PreparedColumn> Columns, IReadOnlyList<LeftOutColumn> LeftOut,
    IReadOnlyList<string> Keys, string Table, string? Input = null)
{
    /// <summary>Binary: what becomes of the probabilities; null where one half decides, and for other tasks.</summary>
    public AnswerRule? Answer { get; init; }

    /// <summary>How the columns were spread in training, in the order of <see cref="Columns"/>, for comparing later tables with.</summary>
    public IReadOnlyList<ColumnDistribution> Profile { get; init => field = value ?? []; } = [];

    /// <summary>How the answers to the holdout were spread; null without a holdout.</summary>
    public ColumnDistribution? Predictions { get; init; }

    /// <summary>The feature views that were joined to the table; null where there were none.</summary>
    public JoinedViews? Views { get; init; }

    /// <summary>The part that turns rows into features.</summary>
    public TablePreparation Preparation() => new(Columns, LeftOut);
}
