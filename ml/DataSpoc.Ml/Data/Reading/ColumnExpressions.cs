using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>
/// The SQL that brings any column into one of four forms: DOUBLE, BOOLEAN, VARCHAR, or microseconds since 1970 as BIGINT.
/// What becomes of these is decided outside SQL, so that one row given as JSON is encoded by the same code.
/// </summary>
internal static class ColumnExpressions
{
    /// <summary>A feature column in its form.</summary>
    public static string Of(PreparedColumn column) => Of(column.Name, column.Kind);

    /// <summary>A column of a kind in its form.</summary>
    public static string Of(string column, ColumnKind kind)
    {
        var name = Sql.Identifier(column);
        return kind switch
        {
            ColumnKind.Number => $"CAST({name} AS DOUBLE)",
            ColumnKind.Flag => $"CAST({name} AS BOOLEAN)",
            ColumnKind.Category => $"CAST({name} AS VARCHAR)",
            ColumnKind.Moment => $"CASE WHEN isfinite({name}) THEN epoch_us({name}) END",
            ColumnKind.Duration => $"CAST(epoch({name}) AS DOUBLE)",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"`{column}` has no form"),
        };
    }

    /// <summary>The target as DOUBLE (a number to be predicted) or VARCHAR (a class).</summary>
    public static string Of(Target target) => Of(target.Column, target.Task == LearningTask.Regression ? ColumnKind.Number : ColumnKind.Category);

    /// <summary>Whether a row has a target to learn from: not null and, where it is a floating-point number, within a float's range.</summary>
    public static string HasTarget(ResultColumn target) =>
        target.Type.Kind is LogicalKind.Float or LogicalKind.Double
            ? $"abs({Sql.Identifier(target.Name)}) < 3e38"
            : $"{Sql.Identifier(target.Name)} IS NOT NULL";
}
