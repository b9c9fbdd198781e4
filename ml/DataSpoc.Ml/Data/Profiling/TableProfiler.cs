using System.Globalization;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Data.Profiling;

/// <summary>Learns from a table, by queries that DuckDB answers in bounded memory, what the columns and the target hold.</summary>
internal sealed class TableProfiler(Connection connection, SourceTable table, CancellationToken cancel)
{
    private const int ColumnsPerQuery = 1000;

    /// <summary>Columns of at most about this many different values are counted by value together, in one pass over the table.</summary>
    private const int CountedTogether = 2000;

    /// <summary>Rows without a target below which an empty column among them is chance.</summary>
    private const int LeastRowsWithoutTarget = 20;

    private const double MostlyLater = 0.5;

    /// <summary>The share of different values above which it is counted exactly whether all differ.</summary>
    private const double NearlyAll = 0.8;

    /// <summary>Rows of the table, and rows with a target.</summary>
    public (long Rows, long Present) CountRows(ResultColumn target)
    {
        var answer = OneRow($"SELECT count(*), count(*) FILTER (WHERE {ColumnExpressions.HasTarget(target)}) FROM {table.From}");
        return (Long(answer[0]), Long(answer[1]));
    }

    /// <summary>The target's values in their natural order, up to <paramref name="most"/> of them.</summary>
    public IReadOnlyList<TargetValue> TargetValues(ResultColumn target, int most)
    {
        var name = Sql.Identifier(target.Name);
        return [.. Rows($"SELECT CAST({name} AS VARCHAR), count(*) FROM {table.From} WHERE {ColumnExpressions.HasTarget(target)} GROUP BY {name} ORDER BY {name} LIMIT {most}")
            .Select(row => new TargetValue((string)row[0]!, Long(row[1])))];
    }

    /// <summary>Every column but the target, over the rows that have a target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="withoutTarget">Rows without one.</param>
    /// <param name="time">The column rows follow each other by, or null.</param>
    public IReadOnlyList<ColumnProfile> Columns(ResultColumn target, long withoutTarget, string? time = null)
    {
        var where = $"WHERE {ColumnExpressions.HasTarget(target)}";
        var without = $"WHERE ({ColumnExpressions.HasTarget(target)}) IS NOT TRUE";
        var profiles = new List<ColumnProfile>();
        var later = time is null ? [] : LaterThan(table.Require(time, "time column"), where);
        foreach (var columns in table.Columns.Where(c => c.Name != target.Name).Chunk(ColumnsPerQuery))
        {
            var unknownBefore = withoutTarget < LeastRowsWithoutTarget ? [] : KnownOnlyWithTarget(columns, without);
            profiles.AddRange(Summaries(columns, where).Select(profile => profile with { OnlyWithTarget = unknownBefore.Contains(profile.Name), LaterThanRow = later.Contains(profile.Name) }));
        }
        return WithCategories([.. profiles.Select(profile => WithExactDistinct(profile, where))], where);
    }

    private HashSet<string> KnownOnlyWithTarget(ResultColumn[] columns, string without)
    {
        var answer = OneRow($"SELECT {string.Join(", ", columns.Select(c => $"count({Sql.Identifier(c.Name)})"))} FROM {table.From} {without}");
        return [.. columns.Where((_, i) => Long(answer[i]) == 0).Select(c => c.Name)];
    }

    // what mostly lies after the row's own time was written after it
    private HashSet<string> LaterThan(ResultColumn time, string where)
    {
        ResultColumn[] moments = [.. table.Columns.Where(c => c.Name != time.Name && ColumnKinds.Of(c.Type.ToString()) == ColumnKind.Moment)];
        if (moments.Length == 0 || ColumnKinds.Of(time.Type.ToString()) != ColumnKind.Moment)
            return [];
        var at = ColumnExpressions.Of(time.Name, ColumnKind.Moment);
        var answer = OneRow($"SELECT {string.Join(", ", moments.Select(c => $"avg((({ColumnExpressions.Of(c.Name, ColumnKind.Moment)}) > ({at}))::INTEGER)"))} FROM {table.From} {where}");
        return [.. moments.Where((_, i) => answer[i] is double share && share > MostlyLater).Select(c => c.Name)];
    }

    private IEnumerable<ColumnProfile> Summaries(ResultColumn[] columns, string where)
    {
        const int PerColumn = 5;
        var expressions = columns.SelectMany(c => Summary(c.Name, ColumnKinds.Of(c.Type.ToString())));
        var answer = OneRow($"SELECT count(*), {string.Join(", ", expressions)} FROM {table.From} {where}");
        var rows = Long(answer[0]);
        for (var i = 0; i < columns.Length; i++)
        {
            var of = answer.AsSpan(1 + i * PerColumn, PerColumn);
            var type = columns[i].Type.ToString();
            var present = Long(of[0]);
            yield return new(columns[i].Name, type, ColumnKinds.Of(type), present, rows - present)
            {
                Distinct = Math.Min(Long(of[1]), present),
                OneValue = of[2] is true,
                TimeOfDay = of[3] is true,
                Words = of[4] is double words ? words : 0,
            };
        }
    }

    // rows with a value, different values (about), whether there is only one, whether any is not at midnight, words
    private static IEnumerable<string> Summary(string column, ColumnKind kind)
    {
        var name = Sql.Identifier(column);
        if (kind is ColumnKind.Unusable)
            return [$"count({name})", "0", "false", "false", "0"];
        var value = kind is ColumnKind.Key ? name : ColumnExpressions.Of(column, kind);
        return
        [
            $"count({value})",
            $"approx_count_distinct({value})",
            $"min({value}) = max({value})",
            kind is ColumnKind.Moment ? $"bool_or({value} % 86400000000 <> 0)" : "false",
            kind is ColumnKind.Category ? $"avg(length({value}) - length(replace({value}, ' ', '')) + 1)" : "0",
        ];
    }

    private ColumnProfile WithExactDistinct(ColumnProfile profile, string where)
    {
        var countable = profile.Kind == ColumnKind.Category || ColumnKinds.IsInteger(profile.Type);
        if (!countable || profile.Present < 2 || profile.Distinct < profile.Present * NearlyAll)
            return profile;
        var name = Sql.Identifier(profile.Name);
        var distinct = Long(OneRow($"SELECT count(*) FROM (SELECT DISTINCT {name} FROM {table.From} {where} AND {name} IS NOT NULL)")[0]);
        return profile with { Distinct = distinct, AllDiffer = distinct == profile.Present };
    }

    private List<ColumnProfile> WithCategories(List<ColumnProfile> profiles, string where)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var categories = profiles.Where(p => p.Kind == ColumnKind.Category && !p.AllDiffer).ToArray();
        foreach (var together in categories.Where(p => p.Distinct <= CountedTogether).Chunk(ColumnsPerQuery))
        {
            var counts = OneRow($"SELECT {string.Join(", ", together.Select(p => $"histogram({ColumnExpressions.Of(p.Name, ColumnKind.Category)})"))} FROM {table.From} {where}");
            for (var i = 0; i < together.Length; i++)
                values[together[i].Name] = MostFrequent((MapValue?)counts[i]);
        }
        foreach (var alone in categories.Where(p => p.Distinct > CountedTogether))
            values[alone.Name] = MostFrequent(alone, where);
        return [.. profiles.Select(p => values.TryGetValue(p.Name, out var found) ? WithCategories(p, found) : p)];
    }

    private static ColumnProfile WithCategories(ColumnProfile profile, IReadOnlyList<string> values) => values.Count <= ColumnProfile.MostCategories
        ? profile with { Categories = values, Distinct = values.Count }
        : profile with { Categories = [.. values.Take(ColumnProfile.MostCategories)], MoreCategories = true };

    private static string[] MostFrequent(MapValue? counts) =>
    [
        .. (counts?.Pairs ?? []).Select(entry => (Value: (string)entry.Key, Rows: Long(entry.Value)))
            .OrderByDescending(entry => entry.Rows).ThenBy(entry => entry.Value, Utf8Order.Instance)
            .Select(entry => entry.Value).Take(ColumnProfile.MostCategories + 1),
    ];

    private string[] MostFrequent(ColumnProfile profile, string where) =>
        [.. Rows($"""
            SELECT v FROM (SELECT {ColumnExpressions.Of(profile.Name, ColumnKind.Category)} AS v FROM {table.From} {where}) WHERE v IS NOT NULL
            GROUP BY v ORDER BY count(*) DESC, v LIMIT {ColumnProfile.MostCategories + 1}
            """).Select(row => (string)row[0]!)];

    private object?[] OneRow(string sql) => Rows(sql)[0];

    private List<object?[]> Rows(string sql) => connection.Rows(sql, cancel);

    private static long Long(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
