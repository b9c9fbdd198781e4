using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Training;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>A value of the target and how often it is there.</summary>
internal sealed record TargetValue(string Text, long Rows);

/// <summary>Decides from a target's values what kind of answer it is. Pure.</summary>
internal static class TargetPlanner
{
    /// <summary>More classes than this are not learned as classes.</summary>
    public const int MostClasses = 100;

    /// <summary>Whole numbers of at most this many values are taken for classes.</summary>
    private const int MostWholeNumberClasses = 10;

    /// <summary>Rows with a target below which nothing can be learned.</summary>
    private const int LeastRows = 10;

    /// <summary>Decides.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="column">The target column.</param>
    /// <param name="values">Its values in their natural order, at most <see cref="MostClasses"/> + 1 of them.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="present">Rows with a target.</param>
    /// <param name="task">What the user wants, or null.</param>
    /// <exception cref="UserError">Nothing can be learned from it.</exception>
    public static Target Plan(string table, ResultColumn column, IReadOnlyList<TargetValue> values, long rows, long present, LearningTask? task)
    {
        var type = column.Type.ToString();
        var kind = ColumnKinds.Of(type);
        if (kind is not (ColumnKind.Number or ColumnKind.Flag or ColumnKind.Category))
            throw Wrong($"target `{column.Name}` is of type {type}, which cannot be predicted", "a target is a number, a flag or a class; make one of it in a transform", ExitCode.Usage);
        if (rows == 0)
            throw Wrong($"`{table}` has no rows to learn from", "load it first, then train");
        if (present == 0)
            throw Wrong($"no row of `{table}` has a value in target `{column.Name}`", null);
        if (present < LeastRows)
            throw Wrong($"{Count(present)} with a value in target `{column.Name}` are too few to learn from", $"at least {LeastRows} rows are needed");
        if (values.Count == 1)
            throw Wrong($"target `{column.Name}` is `{values[0].Text}` in all {Count(present)}: there is nothing to learn", "choose a target that differs between rows, or load rows where it does");

        var decided = task ?? Guess(kind, type, values.Count);
        if (decided == LearningTask.Regression)
            return kind == ColumnKind.Number ? new(column.Name, type, decided, []) : throw Wrong($"target `{column.Name}` is of type {type}, not a number: a regression cannot learn it", "use `--task binary` or `--task multiclass`", ExitCode.Usage);
        if (values.Count > MostClasses)
            throw Wrong($"target `{column.Name}` has more than {MostClasses} classes", kind == ColumnKind.Number ? "use `--task regression`" : "group them in a transform", ExitCode.Usage);
        if (decided == LearningTask.Binary && values.Count != 2)
            throw Wrong($"target `{column.Name}` has {values.Count} classes, not two", "use `--task multiclass`", ExitCode.Usage);
        return new(column.Name, type, decided, [.. values.Select(v => v.Text)]);
    }

    private static LearningTask Guess(ColumnKind kind, string type, int classes) => kind switch
    {
        _ when classes == 2 => LearningTask.Binary,
        ColumnKind.Number when !ColumnKinds.IsInteger(type) || classes > MostWholeNumberClasses => LearningTask.Regression,
        _ => LearningTask.Multiclass,
    };

    private static string Count(long rows) => rows == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{rows} rows");

    private static UserError Wrong(string what, string? hint, ExitCode code = ExitCode.Failed) => new(what) { Hint = hint, ExitCode = code };
}
