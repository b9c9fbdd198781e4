using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Prediction;

/// <summary>What a column adds over many rows.</summary>
/// <param name="Column">As in the table.</param>
/// <param name="MeanSize">The mean of its size.</param>
/// <param name="Mean">The mean with its sign.</param>
/// <param name="Share">Its size among all columns' sizes.</param>
/// <param name="Values">Per row what it adds.</param>
/// <param name="FeatureValues">Per row the first of its features, for drawing; NaN where it is missing, or has no order, as a category.</param>
internal sealed record ColumnContribution(string Column, double MeanSize, double Mean, double Share, IReadOnlyList<double> Values, IReadOnlyList<float> FeatureValues);

/// <summary>What moves a model's answers over a sample of rows.</summary>
/// <param name="Rows">In the sample.</param>
/// <param name="Columns">By size, falling.</param>
internal sealed record Contributions(int Rows, IReadOnlyList<ColumnContribution> Columns)
{
    /// <summary>Over rows drawn with a fixed seed.</summary>
    public static Contributions OfSample(Connection connection, SourceTable table, FeaturesDocument features, Booster booster, int rows, CancellationToken cancel)
    {
        var explained = new List<IReadOnlyList<Contribution>>();
        var explanation = new RowExplanation(features);
        var (matrices, width) = (new List<float>(), features.Columns.Sum(c => c.Features.Count));
        int[] firsts = [.. features.Columns.Select((_, i) => features.Columns.Take(i).Sum(c => c.Features.Count))];
        new TableScoring(features, booster).Run(
            connection, $"(SELECT * FROM {table.From} USING SAMPLE {rows} ROWS (reservoir, 42))", [],
            (chunk, matrix, _) =>
            {
                explained.AddRange(explanation.Rows(booster, matrix, chunk.Count));
                matrices.AddRange(matrix);
            },
            cancel);
        var columns = features.Columns.Select((c, i) =>
        {
            double[] values = [.. explained.Select(row => row[i].Added)];
            return new ColumnContribution(c.Name, values.Length == 0 ? 0 : values.Average(Math.Abs), values.Length == 0 ? 0 : values.Average(), 0, values,
                [.. Enumerable.Range(0, values.Length).Select(row => c.Kind == ColumnKind.Category && c.Use == TextUse.Categories ? float.NaN : matrices[row * width + firsts[i]])]);
        }).ToArray();
        var all = columns.Sum(c => c.MeanSize);
        return new(explained.Count, [.. columns.Select(c => c with { Share = all > 0 ? c.MeanSize / all : 0 }).OrderByDescending(c => c.MeanSize).ThenBy(c => c.Column, StringComparer.Ordinal)]);
    }
}
