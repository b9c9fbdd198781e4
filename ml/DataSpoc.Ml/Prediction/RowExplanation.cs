using System.Globalization;
using System.Text;
using System.Text.Json;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training.Evaluation;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Prediction;

/// <summary>What a column adds to an answer before the link function.</summary>
/// <param name="Column">As in the table.</param>
/// <param name="Added">Log odds for classes, the target's unit for a number.</param>
internal sealed record Contribution(string Column, double Added);

/// <summary>
/// Explains single answers by exact Shapley values (XGBoost's <c>pred_contribs</c>): the parts of one column's features are added up. For several
/// classes it is the class that is answered that is explained.
/// </summary>
internal sealed class RowExplanation(FeaturesDocument features)
{
    private const int Shown = 3;

    private readonly string[] _owners = [.. features.Columns.SelectMany(c => c.Features.Select(_ => c.Name))];
    private readonly IReadOnlyList<FeatureColumn> _features = features.Preparation().Features;

    /// <summary>The name of the answer without any column.</summary>
    public const string Start = "(start)";

    /// <summary>Per row the columns' contributions, in the model's order, and <see cref="Start"/> at the end.</summary>
    public IReadOnlyList<IReadOnlyList<Contribution>> Rows(Booster booster, ReadOnlySpan<float> matrix, int rows)
    {
        using var data = Matrix.Dense(matrix, rows, _features, new float[rows], 1);
        var added = booster.Contributions(data);
        var outputs = features.Target.Outputs;
        var answers = new float[rows * outputs];
        booster.Predict(matrix, rows, answers);
        features.Answer?.Apply(answers);
        var width = _features.Count + 1;
        var explained = new List<IReadOnlyList<Contribution>>();
        for (var row = 0; row < rows; row++)
        {
            var output = outputs == 1 ? 0 : (features.Answer ?? AnswerRule.Plain).Class(answers.AsSpan(row * outputs, outputs));
            explained.Add(ByColumn(added.AsSpan((row * outputs + output) * width, width), output));
        }
        return explained;
    }

    /// <summary>The strongest as JSON: <c>[{"column":"weight_kg","added":1.25}, …]</c>.</summary>
    public static string Json(IReadOnlyList<Contribution> contributions)
    {
        var text = new StringBuilder("[");
        foreach (var (column, added) in contributions.Where(c => c.Column != Start && c.Added != 0).OrderByDescending(c => Math.Abs(c.Added)).Take(Shown))
            text.Append(text.Length > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $"{{\"column\":\"{JsonEncodedText.Encode(column)}\",\"added\":{Math.Round(added, 4)}}}");
        return text.Append(']').ToString();
    }

    private List<Contribution> ByColumn(ReadOnlySpan<float> added, int output)
    {
        var columns = new List<Contribution>();
        for (var f = 0; f < _owners.Length; f++)
            if (columns.Count > 0 && columns[^1].Column == _owners[f])
                columns[^1] = columns[^1] with { Added = columns[^1].Added + added[f] };
            else
                columns.Add(new(_owners[f], added[f]));
        columns.Add(new(Start, added[^1]));
        // what is calibrated is explained calibrated: the lines still add up to the answer
        var (slope, intercept) = features.Answer is { Classes: { } classes } ? (classes.Slope, classes.Intercepts[output])
            : features.Answer is { Calibration: { } calibration } ? (calibration.Slope, calibration.Intercept) : (1, 0);
        return (slope, intercept) == (1, 0) ? columns : [.. columns.Select(c => c with { Added = c.Added * slope + (c.Column == Start ? intercept : 0) })];
    }
}
