using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Ml.Data.Reading;

/// <summary>Reads small answers whole.</summary>
internal static class QueryRows
{
    /// <summary>All rows of a query, values as of <see cref="ResultReader.GetValue"/>.</summary>
    public static List<object?[]> Rows(this Connection connection, string sql, CancellationToken cancel)
    {
        using var reader = connection.Query(sql, cancel);
        var rows = new List<object?[]>();
        while (reader.NextChunk())
            for (var row = 0; row < reader.Chunk.Count; row++)
                rows.Add([.. Enumerable.Range(0, reader.Columns.Count).Select(column => reader.GetValue(column, row))]);
        return rows;
    }
}
