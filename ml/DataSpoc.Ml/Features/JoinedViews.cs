namespace DataSpoc.Ml.Features;

/// <summary>How feature views were joined to labels. A model keeps it, so that rows to predict are joined in the same way.</summary>
/// <param name="Time">The labels' column with their moment.</param>
/// <param name="Views">The views, in their order.</param>
internal sealed record JoinedViews(string Time, IReadOnlyList<JoinedView> Views);

/// <summary>A view that was joined.</summary>
/// <param name="Name">The view.</param>
/// <param name="Entity">The columns that name the entity, in the view and in the labels.</param>
/// <param name="Timestamp">The view's column with the moment from which on a row was known.</param>
/// <param name="Definition">What the table was made from: <c>features/customers.yaml@3f2a…</c>.</param>
/// <param name="TtlSeconds">How long a row counts; null: until the entity's next.</param>
/// <param name="Input">The table with its snapshot: <c>ml/features/customers@7</c>.</param>
internal sealed record JoinedView(string Name, IReadOnlyList<string> Entity, string Timestamp, string Definition, double? TtlSeconds = null, string? Input = null)
{
    /// <summary>A view as the project defines it.</summary>
    public static JoinedView Of(FeatureView view) => new(view.Name, view.Entity, view.Timestamp, view.Definition, view.Ttl?.TotalSeconds);

    /// <summary>What a column of the view is called beside the labels.</summary>
    public string Column(string name) => $"{Name}__{name}";
}
