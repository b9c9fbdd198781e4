using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>What is done about a row of files with a value that is not of the type that a person gave (<see cref="FileReading.Types"/>), before the pipeline's transform sees it.</summary>
internal enum GivenMisfit
{
    /// <summary>The files are refused.</summary>
    Refused,

    /// <summary>The value is NULL.</summary>
    LeftOut,

    /// <summary>The row is not there: it is kept apart.</summary>
    KeptApart,
}

/// <summary>The rows of files as a transform sees them: what a person said of the types of their columns holds for every value.</summary>
internal static class GivenTypes
{
    /// <summary>The SELECT of the rows.</summary>
    /// <param name="query">The files.</param>
    /// <param name="typeOf">As in <see cref="FileColumns.Of(FileQuery, Func{string, LogicalType?}, bool, bool)"/>.</param>
    /// <param name="misfit">What is done about a value that is not of a type that was given.</param>
    /// <param name="wholeFile">As in <see cref="FileQuery.Columns"/>.</param>
    public static string Batch(FileQuery query, Func<string, LogicalType?> typeOf, GivenMisfit misfit, bool wholeFile)
    {
        // what is judged is judged by the type that was given, whatever the table's is: the same rows are kept apart
        bool Judges(string name) => misfit != GivenMisfit.Refused && IsGiven(query, name);
        var rows = FileColumns.Of(query, name => Judges(name) ? null : typeOf(name), Judges, wholeFile);
        var misfits = Misfits(query, rows);
        var values = rows.Columns.Zip(rows.Values, misfits).Select(one => $"{Value(one.First.Name, one.Second, one.First.Meant ?? one.First.Type, one.Third, misfit)} AS {Sql.Identifier(one.First.Name)}");
        var kept = misfit == GivenMisfit.KeptApart && Any(misfits) is { } apart ? $" WHERE NOT ({apart})" : "";
        return $"SELECT {string.Join(", ", values)} FROM {rows.From}{kept}";
    }

    /// <summary>The condition, per column, under which a row has a value there that is not of the type that was given; null where none was, or every value is of it.</summary>
    /// <param name="query">The files.</param>
    /// <param name="rows">Their rows.</param>
    public static IReadOnlyList<string?> Misfits(FileQuery query, FileColumns rows) => [.. rows.Columns.Zip(rows.Values, (column, value) =>
        column.Meant is { Kind: not LogicalKind.Varchar } meant && IsGiven(query, column.Name) ? ExactCast.Fails(value, column.Type, meant) : null)];

    /// <summary>The condition under which one of them holds; null where there is none.</summary>
    public static string? Any(IReadOnlyList<string?> misfits) => misfits.Any(one => one is not null) ? string.Join(" OR ", misfits.Where(one => one is not null)) : null;

    private static bool IsGiven(FileQuery query, string column) => query.Reading.Types.Keys.Any(name => FileColumns.NameOf(name) == FileColumns.NameOf(column));

    private static string Value(string column, string value, LogicalType type, string? fails, GivenMisfit misfit) => fails is null ? $"CAST({value} AS {type})" : misfit switch
    {
        GivenMisfit.Refused => $"CASE WHEN {fails} THEN error({Sql.Literal(TypeRefusal.Of(column, type))} || CAST({value} AS VARCHAR)) ELSE CAST({value} AS {type}) END",
        GivenMisfit.LeftOut => $"CASE WHEN {fails} THEN NULL ELSE TRY_CAST({value} AS {type}) END",
        _ => $"TRY_CAST({value} AS {type})",
    };
}
