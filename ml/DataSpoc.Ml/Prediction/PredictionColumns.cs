using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Prediction;

/// <summary>
/// The columns of a predictions table: what names the row, what the user wants besides, the target where the input has it (so that right and
/// wrong can be counted), then the model's answer. A row that nothing names gets its position.
/// </summary>
/// <param name="Carried">Columns of the input, in the input's order.</param>
/// <param name="RowNumber">Whether the first column is the row's position, from 1 on.</param>
/// <param name="Answer">The type of <c>prediction</c>.</param>
/// <param name="Probability">Whether there is a <c>probability</c>.</param>
/// <param name="Explained">Whether there is an <c>explanation</c>.</param>
internal sealed record PredictionColumns(IReadOnlyList<CarriedColumn> Carried, bool RowNumber, LogicalType Answer, bool Probability, bool Explained)
{
    private const string RowName = "row";
    private const string AnswerName = "prediction";
    private const string ProbabilityName = "probability";
    private const string ProbabilitiesName = "probabilities";
    private const string ExplanationName = "explanation";
    private const string VersionName = "model_version";
    private const string TimeName = "predicted_at";

    /// <summary>Whether there are <c>probabilities</c>: of every class, where there are more than two.</summary>
    public bool Probabilities { get; init; }

    /// <summary>The columns as they are written.</summary>
    public IReadOnlyList<(string Name, LogicalType Type)> Written =>
    [
        .. RowNumber ? [(RowName, LogicalType.BigInt)] : Array.Empty<(string, LogicalType)>(),
        .. Carried.Select(c => (c.Name, c.Type)),
        (AnswerName, Answer),
        .. Probability ? [(ProbabilityName, LogicalType.Float)] : Array.Empty<(string, LogicalType)>(),
        .. Probabilities ? [(ProbabilitiesName, LogicalType.Varchar)] : Array.Empty<(string, LogicalType)>(),
        .. Explained ? [(ExplanationName, LogicalType.Varchar)] : Array.Empty<(string, LogicalType)>(),
        (VersionName, LogicalType.Integer),
        (TimeName, LogicalType.TimestampTz),
    ];

    /// <summary>Chooses.</summary>
    /// <param name="table">The input.</param>
    /// <param name="features">The model's.</param>
    /// <param name="wanted">Further columns of the input, by name.</param>
    /// <param name="explained">Whether each answer is explained.</param>
    /// <exception cref="UserError">A wanted column is not there (<see cref="ExitCode.Usage"/>).</exception>
    public static PredictionColumns Choose(SourceTable table, FeaturesDocument features, IReadOnlyList<string> wanted, bool explained = false)
    {
        foreach (var name in wanted)
            table.Require(name, "column");
        var keys = table.KeyColumns.Count > 0 ? table.KeyColumns : features.Keys;
        var named = table.Columns.Any(c => keys.Contains(c.Name));
        var taken = new HashSet<string>([RowName, AnswerName, ProbabilityName, ProbabilitiesName, ExplanationName, VersionName, TimeName], StringComparer.OrdinalIgnoreCase);
        var carried = new List<CarriedColumn>();
        foreach (var column in table.Columns)
        {
            if (!keys.Contains(column.Name) && !wanted.Contains(column.Name) && column.Name != features.Target.Column)
                continue;
            var name = column.Name;
            while (!taken.Add(name))
                name = "input_" + name;
            var stored = column.Type.IsNested ? LogicalType.Varchar : StorageTypes.Stored(column.Type);
            carried.Add(new(column.Name, name, stored, $"CAST({Sql.Identifier(column.Name)} AS {stored})"));
        }
        return new(carried, !named, AnswerType(features.Target), features.Target.Task != LearningTask.Regression, explained) { Probabilities = features.Target.Task == LearningTask.Multiclass };
    }

    private static LogicalType AnswerType(Target target)
    {
        if (target.Task == LearningTask.Regression)
            return LogicalType.Float;
        return ColumnKinds.Of(target.Type) is ColumnKind.Flag or ColumnKind.Number ? StorageTypes.Stored(LogicalType.Parse(target.Type)) : LogicalType.Varchar;
    }
}
