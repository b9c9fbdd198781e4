namespace DataSpoc.Ml.Monitoring;

/// <summary>How a column's values were spread when a model was trained, for comparing later ones with. Part of features.json.</summary>
/// <param name="Column">As in the table; <c>prediction</c> for the model's answers.</param>
/// <param name="Rows">Rows it was taken from.</param>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Counts">Rows per bin or value; with <see cref="Values"/> the last is of all other values.</param>
internal sealed record ColumnDistribution(string Column, long Rows, long Missing, IReadOnlyList<long> Counts)
{
    /// <summary>Numbers: where the bins meet, ascending; a number on an edge belongs to the upper bin. One fewer than there are bins.</summary>
    public IReadOnlyList<double>? Edges { get; init; }

    /// <summary>Texts: the most frequent values. One fewer than there are counts.</summary>
    public IReadOnlyList<string>? Values { get; init; }
}
