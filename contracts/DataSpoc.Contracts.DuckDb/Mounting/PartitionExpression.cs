using System.Globalization;

namespace DataSpoc.Contracts.DuckDb.Mounting;

/// <summary>
/// A partition column as an expression over the column <c>filename</c>. DuckDB evaluates filters on such an expression per file before it opens any,
/// so files of other partitions are never touched.
/// </summary>
internal static class PartitionExpression
{
    private const int DayLength = 10;

    /// <param name="column">The partition column.</param>
    /// <param name="files">The table's files.</param>
    /// <param name="filename">The quoted column that holds a row's file.</param>
    /// <returns>SQL of the column's type.</returns>
    internal static string Of(MountedColumn column, IReadOnlyList<MountedFile> files, string filename)
    {
        var values = files.Select(f => f.PartitionValues.GetValueOrDefault(column.Name)).ToList();
        if (values.Distinct().Count() == 1)
            return values[0] is { } only ? $"CAST({Sql.Literal(only)} AS {column.Type})" : $"CAST(NULL AS {column.Type})";
        if (column.Type.Kind == LogicalKind.Date && DayPosition(column.Name, files, values) is { } position)
            return string.Create(CultureInfo.InvariantCulture, $"TRY_CAST(substr({filename}, {position}, {DayLength}) AS DATE)");
        var pairs = files.Zip(values).Where(p => p.Second is not null).Select(p => $"{Sql.Literal(p.First.LocalPath)}: {Sql.Literal(p.Second!)}");
        return $"CAST(MAP {{{string.Join(", ", pairs)}}}[{filename}] AS {column.Type})";
    }

    /// <summary>
    /// Where the day is in every file's path, counted in characters from 1 as SQL counts; null where the paths do not say it themselves: other
    /// writers keep it only in the log, or write it in another way.
    /// </summary>
    private static int? DayPosition(string column, IReadOnlyList<MountedFile> files, List<string?> values)
    {
        int? position = null;
        for (var i = 0; i < files.Count; i++)
        {
            if (values[i] is not { } value)
                continue;
            if (!DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                return null;
            position ??= files[i].LocalPath.LastIndexOf($"/{column}={value}/", StringComparison.Ordinal) is var at and >= 0 ? at + column.Length + 2 : null;
            if (position is not { } day || string.CompareOrdinal(files[i].LocalPath, day, value + "/", 0, DayLength + 1) != 0)
                return null;
        }
        if (position is not { } start || files.Zip(values).Any(p => p.Second is null && CouldBeDay(p.First.LocalPath, start)))
            return null;
        // Paths share what is before the day, so one count of characters holds for all: SQL counts code points, .NET counts UTF-16 units.
        var before = files[0].LocalPath.AsSpan(0, Math.Min(start, files[0].LocalPath.Length));
        return files.All(f => f.LocalPath.AsSpan(0, Math.Min(start, f.LocalPath.Length)).IndexOfAnyInRange('\uD800', '\uDFFF') < 0) || AllShare(files, before)
            ? before.ToString().EnumerateRunes().Count() + 1
            : null;
    }

    private static bool AllShare(IReadOnlyList<MountedFile> files, ReadOnlySpan<char> beginning)
    {
        foreach (var file in files)
            if (!file.LocalPath.AsSpan().StartsWith(beginning, StringComparison.Ordinal))
                return false;
        return true;
    }

    /// <summary>Whether DuckDB might read a day out of a path that has none: it also takes spaces, signs, "epoch" and "infinity".</summary>
    private static bool CouldBeDay(string path, int start) => start < path.Length && !(char.IsAsciiLetter(path[start]) && path[start] is not ('e' or 'E' or 'i' or 'I'));
}
