using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;
using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Prediction;

/// <summary>A model's answers to rows whose target is known, in memory: four bytes per row and output.</summary>
/// <param name="Labels">What was right.</param>
/// <param name="Outputs">What was answered, row-major.</param>
/// <param name="Slices">Per row the value of the column to slice by; empty without one.</param>
/// <param name="WithoutTarget">Rows whose target is missing.</param>
/// <param name="UnseenClasses">Rows by a class that the model does not know; they are in no figure.</param>
internal sealed record ScoredRows(float[] Labels, float[] Outputs, IReadOnlyList<string?> Slices, long WithoutTarget, IReadOnlyDictionary<string, long> UnseenClasses)
{
    /// <summary>Answers for all rows of a table that have a target.</summary>
    /// <param name="features">The model's.</param>
    /// <param name="booster">Its trees.</param>
    /// <param name="connection">Used by nobody else meanwhile.</param>
    /// <param name="table">It fits the model.</param>
    /// <param name="by">A column to slice by, or null.</param>
    /// <param name="cancel">Interrupts.</param>
    /// <exception cref="UserError">The table has no target, or one of another kind.</exception>
    public static ScoredRows Read(FeaturesDocument features, Booster booster, Connection connection, SourceTable table, string? by, CancellationToken cancel)
    {
        var target = features.Target;
        var column = table.Require(target.Column, "target");
        var kind = ColumnKinds.Of(column.Type.ToString());
        if (target.Task == LearningTask.Regression && kind != ColumnKind.Number || kind is ColumnKind.Unusable or ColumnKind.Moment or ColumnKind.Duration)
            throw new UserError($"target `{target.Column}` is {column.Type} in `{table.Name}`, the model learned {target.Type}") { ExitCode = ExitCode.Refused };
        var classes = new CategoryCodes(new(target.Column, target.Type, ColumnKind.Category, []) { Categories = target.Classes });
        string[] further = [ColumnExpressions.Of(target), .. by is null ? Array.Empty<string>() : [$"CAST({Sql.Identifier(table.Require(by, "column").Name)} AS VARCHAR)"]];
        List<float> labels = [], outputs = [];
        List<string?> slices = [];
        var unseen = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var without = 0L;
        new TableScoring(features, booster).Run(
            connection, table.From, further,
            (chunk, _, answers) =>
            {
                var reader = chunk.Reader(0);
                for (var row = 0; row < chunk.Count; row++)
                {
                    var label = reader.IsNull(row) ? float.NaN : target.Task == LearningTask.Regression ? (float)reader.Values<double>()[row] : classes.Code(reader.String(row));
                    if (!float.IsFinite(label))
                    {
                        if (reader.IsNull(row) || target.Task == LearningTask.Regression)
                            without++;
                        else
                            Count(unseen, System.Text.Encoding.UTF8.GetString(reader.String(row)));
                        continue;
                    }
                    labels.Add(label);
                    foreach (var answer in answers.Slice(row * target.Outputs, target.Outputs))
                        outputs.Add(answer);
                    if (by is not null)
                        slices.Add(chunk.Reader(1) is var slice && slice.IsNull(row) ? null : System.Text.Encoding.UTF8.GetString(chunk.Reader(1).String(row)));
                }
            },
            cancel);
        return new([.. labels], [.. outputs], slices, without, unseen);
    }

    /// <summary>Some of the rows.</summary>
    public ScoredRows Where(Func<int, bool> chosen)
    {
        var width = Labels.Length == 0 ? 1 : Outputs.Length / Labels.Length;
        int[] rows = [.. Enumerable.Range(0, Labels.Length).Where(chosen)];
        return new([.. rows.Select(r => Labels[r])], [.. rows.SelectMany(r => Outputs[(r * width)..((r + 1) * width)])], Slices.Count == 0 ? [] : [.. rows.Select(r => Slices[r])], 0, new Dictionary<string, long>());
    }

    // a table of the wrong target could have a million of them
    private static void Count(SortedDictionary<string, long> unseen, string text)
    {
        if (unseen.Count < 100 || unseen.ContainsKey(text))
            unseen[text] = unseen.GetValueOrDefault(text) + 1;
        else
            unseen["…"] = unseen.GetValueOrDefault("…") + 1;
    }

    /// <summary>What a user should know about rows that are in no figure.</summary>
    public IEnumerable<string> Remarks(string target)
    {
        if (WithoutTarget > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{WithoutTarget} rows without `{target}` are in no figure");
        if (UnseenClasses.Count > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{UnseenClasses.Values.Sum()} rows have a `{target}` that the model never saw ({string.Join(", ", UnseenClasses.Keys.Take(5).Select(c => $"`{c}`"))}); they are in no figure");
    }
}
