using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Output;

/// <summary>Streams a result into a writer of rows.</summary>
internal static class ResultOutput
{
    // milliseconds
    private const long FlushEvery = 100;

    /// <summary>The result's columns as the writers want them.</summary>
    public static IReadOnlyList<RowColumn> ColumnsOf(ResultReader result) =>
        [.. result.Columns.Select(column => new RowColumn(column.Name, ResultCells.KindOf(column.Type)))];

    /// <summary>Writes all rows, or as many as are wanted, and completes the output.</summary>
    /// <param name="result">Read up to its first chunk.</param>
    /// <param name="writer">Made with <see cref="ColumnsOf"/>.</param>
    /// <param name="limit">Rows wanted at most, or null for all.</param>
    /// <param name="iso">Whether times are for machines.</param>
    /// <param name="eager">Whether somebody waits for the first rows: they are then not held back while the next ones take long.</param>
    /// <param name="begun">What the first <see cref="ResultReader.NextChunk"/> said.</param>
    /// <returns>The rows written.</returns>
    public static long Write(ResultReader result, IRowWriter writer, long? limit, bool iso, bool eager, bool begun)
    {
        long? flushed = null;
        var wanted = limit ?? long.MaxValue;
        var cells = new ResultCells[result.Columns.Count];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = ResultCells.Of(result.Columns[i].Type, iso);
        for (var more = begun; more && writer.RowCount < wanted; more = result.NextChunk())
        {
            // one more row than a table shows tells that there are more
            if (writer.IsFull)
            {
                writer.Complete(more: true);
                return writer.RowCount;
            }
            var rows = (int)Math.Min(result.Chunk.Count, wanted - writer.RowCount);
            for (var i = 0; i < cells.Length; i++)
                cells[i].Take(result.Chunk.Reader(i));
            for (var row = 0; row < rows; row++)
            {
                foreach (var cell in cells)
                    cell.Write(writer, row);
                writer.EndRow();
            }
            if (eager && (flushed is null || Environment.TickCount64 - flushed > FlushEvery))
            {
                writer.Flush();
                flushed = Environment.TickCount64;
            }
        }
        writer.Complete();
        return writer.RowCount;
    }
}
