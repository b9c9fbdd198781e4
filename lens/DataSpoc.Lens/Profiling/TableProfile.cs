using DataSpoc.Contracts.DuckDb;
using DataSpoc.Lens.Sql;

namespace DataSpoc.Lens.Profiling;

/// <summary>A table's profile.</summary>
/// <param name="Table">As written in SQL.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">In order.</param>
internal sealed record TableProfile(string Table, long Rows, IReadOnlyList<ColumnProfile> Columns)
{
    /// <summary>Profiles a table of a session.</summary>
    public static TableProfile Of(QuerySession session, string table, CancellationToken cancel)
    {
        IReadOnlyList<ResultColumn> columns;
        using (var described = session.Query($"FROM {table} LIMIT 0", cancel))
            columns = described.Columns;
        var first = Row(session, ProfileQueries.Figures(table, columns), cancel);
        var rows = (long)first[0]!;
        var figures = first.Skip(1).Select(json => ColumnFigures.Parse((string)json!)).ToArray();
        var counts = Row(session, ProfileQueries.Counts(table, columns, figures), cancel);
        return new(table, rows, [.. columns.Select((column, i) => figures[i].Profile(column, rows, (string?)counts[i]))]);
    }

    private static object?[] Row(QuerySession session, string sql, CancellationToken cancel)
    {
        using var answer = session.Query(sql, cancel);
        return answer.NextChunk() ? [.. Enumerable.Range(0, answer.Columns.Count).Select(column => answer.GetValue(column, 0))] : throw new InvalidOperationException("an aggregate gave no row");
    }
}
