using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Data.Preparation;

/// <summary>How a table becomes a matrix: the columns used, in order, and those left out. Part of the model.</summary>
internal sealed record TablePreparation(IReadOnlyList<PreparedColumn> Columns, IReadOnlyList<LeftOutColumn> LeftOut)
{
    /// <summary>The matrix's columns, in order.</summary>
    public IReadOnlyList<FeatureColumn> Features =>
        [.. Columns.SelectMany(c => c.Features.Select(name => new FeatureColumn(name, c.Kind == ColumnKind.Category && c.Use == TextUse.Categories)))];

    /// <summary>Takes columns out.</summary>
    public TablePreparation Without(IReadOnlyList<LeftOutColumn> more)
    {
        var names = more.Select(m => m.Column).ToHashSet(StringComparer.Ordinal);
        return new([.. Columns.Where(c => !names.Contains(c.Name))], [.. LeftOut, .. more]);
    }

    /// <summary>Where each feature of this preparation lies among the features of <paramref name="wider"/>, of which it is a part.</summary>
    public int[] PositionsIn(TablePreparation wider)
    {
        var positions = wider.Features.Select((f, i) => (f.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        return [.. Features.Select(f => positions[f.Name])];
    }
}
