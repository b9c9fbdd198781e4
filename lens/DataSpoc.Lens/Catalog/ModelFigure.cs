namespace DataSpoc.Lens.Catalog;

/// <summary>A row of <c>ml.models</c>: one figure of one version of a model under one alias.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its version, from 1 on.</param>
/// <param name="Alias"><c>dev</c>, <c>staging</c>, <c>prod</c>, <c>archived</c>; null where nothing names the version.</param>
/// <param name="Metric">The figure's name; null where the version has none.</param>
/// <param name="Value">On rows the model never saw.</param>
/// <param name="TrainedAt">When the version was complete.</param>
internal sealed record ModelFigure(string Model, int Version, string? Alias, string? Metric, double? Value, DateTimeOffset? TrainedAt);

/// <summary>The models of a bucket, as the table <c>ml.models</c>.</summary>
/// <param name="Bucket">Where they are.</param>
/// <param name="Rows">In the order of models, versions, aliases, metrics.</param>
internal sealed record ModelList(NamedBucket Bucket, IReadOnlyList<ModelFigure> Rows)
{
    /// <summary>Its schema in SQL.</summary>
    public const string Schema = "ml";

    /// <summary>Its name in SQL.</summary>
    public const string Name = "models";
}
