using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Prediction;

/// <summary>Whether a table has what a model was trained on. XGBoost itself would take any matrix in silence.</summary>
internal static class TableFit
{
    /// <summary>Checks every column the model uses; further columns of the table do not matter.</summary>
    /// <exception cref="UserError">They do not fit; names each difference (<see cref="ExitCode.Refused"/>).</exception>
    public static void Require(FeaturesDocument features, SourceTable table)
    {
        var differences = Differences(features.Columns, table);
        if (differences.Count == 0)
            return;
        throw new UserError($"`{table.Name}` does not fit model `{features.Model}@{features.ModelVersion}`: {(differences.Count == 1 ? "one column differs" : $"{differences.Count} columns differ")}")
        {
            Where = differences,
            Hint = $"predict from a table with the columns of `{features.Table}`, or train a new version from this one",
            ExitCode = ExitCode.Refused,
        };
    }

    /// <summary>Per column that does not fit, what is wrong.</summary>
    public static IReadOnlyList<(string Column, string Difference)> Differences(IReadOnlyList<PreparedColumn> columns, SourceTable table)
    {
        var differences = new List<(string, string)>();
        foreach (var column in columns)
        {
            var found = table.Columns.FirstOrDefault(c => c.Name == column.Name);
            if (found is null)
            {
                var near = NearestName.Of(column.Name, table.Columns.Select(c => c.Name).Except(columns.Select(c => c.Name), StringComparer.Ordinal));
                differences.Add((column.Name, $"is missing (the model uses it as {column.Type})" + (near is null ? "" : $"; there is `{near}`")));
                continue;
            }
            var type = found.Type.ToString();
            if (ColumnKinds.Of(type) != column.Kind)
                differences.Add((column.Name, $"is {type}, the model was trained on {column.Type}"));
            else if (type == "DATE" && column.Parts.Contains(MomentPart.Hour))
                differences.Add((column.Name, $"is {type}, the model uses the time of day of {column.Type}"));
        }
        return differences;
    }
}
