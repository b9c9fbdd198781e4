using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Commands.Looking;

/// <summary>A few rows of a query as values that a row writer takes.</summary>
internal static class ResultRows
{
    public static IReadOnlyList<IReadOnlyList<object?>> Read(Connection connection, string sql, CancellationToken cancel)
    {
        var rows = new List<IReadOnlyList<object?>>();
        using var result = connection.Query(sql, cancel);
        while (result.NextChunk())
            for (var row = 0; row < result.Chunk.Count; row++)
                rows.Add([.. result.Columns.Select((_, column) => Value(result, column, row))]);
        return rows;
    }

    private static object? Value(ResultReader result, int column, int row) => result.GetValue(column, row) switch
    {
        null => null,
        bool or sbyte or byte or short or ushort or int or uint or long or double or float or decimal or string or DateOnly or DateTime or DateTimeOffset => result.GetValue(column, row),
        _ => result.GetText(column, row),
    };
}
