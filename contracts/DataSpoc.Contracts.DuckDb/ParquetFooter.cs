using System.Globalization;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>Reads what a Parquet file's footer says, without reading its rows.</summary>
public static class ParquetFooter
{
    /// <summary>Reads the footer of a local file.</summary>
    /// <exception cref="UserError">The file is not there, is not Parquet, or is damaged; it is named.</exception>
    public static ParquetFile Read(Connection connection, string localPath)
    {
        var file = new FileInfo(localPath);
        if (!file.Exists)
            throw new UserError(Directory.Exists(localPath) ? $"`{localPath}` is a folder, not a file" : $"there is no file `{localPath}`");
        try
        {
            var pattern = Sql.Literal(GlobPath.Literal(file.FullName));
            var columns = Columns(connection, pattern);
            var groups = RowGroups(connection, pattern);
            // Summed up over the row groups, which are what is read: the count over all of them is wrong in files of some writers.
            var rows = 0L;
            foreach (var group in groups)
                rows += group[0].GroupRows;
            return new(localPath, rows, file.Length, columns, FooterStatistics.Of(rows, LeafColumn.Of(columns), groups));
        }
        catch (DuckDbException e)
        {
            throw Unreadable(localPath, e);
        }
    }

    /// <summary>Reads every value of a local file, for which a footer that is in order is no proof.</summary>
    /// <exception cref="UserError">The file cannot be read completely; it is named.</exception>
    /// <exception cref="OperationCanceledException">Cancelled or interrupted.</exception>
    public static void CheckRows(Connection connection, string localPath, CancellationToken cancel)
    {
        try
        {
            using var rows = connection.Query($"FROM read_parquet({Sql.Literal(GlobPath.Literal(Path.GetFullPath(localPath)))}, hive_partitioning=false)", cancel);
            while (rows.NextChunk())
            {
            }
        }
        catch (DuckDbException e)
        {
            throw Unreadable(localPath, e);
        }
    }

    /// <summary>The error for a file that DuckDB cannot read as Parquet.</summary>
    internal static UserError Unreadable(string localPath, DuckDbException e) => new("a file cannot be read as Parquet", e)
    {
        Where = [("file", localPath), ("reason", e.Message.Split('\n')[0])],
        Hint = "it may be damaged, cut off, or of another format",
    };

    private static ParquetColumn[] Columns(Connection connection, string pattern)
    {
        using var answer = connection.Query($"SELECT * FROM read_parquet({pattern}, hive_partitioning=false) LIMIT 0");
        return [.. answer.Columns.Select(c => new ParquetColumn(c.Name, c.Type))];
    }

    private static List<List<ColumnChunkFooter>> RowGroups(Connection connection, string pattern)
    {
        using var answer = connection.Query(
            $"SELECT row_group_id, row_group_num_rows, num_values, stats_null_count, stats_min_value, stats_max_value FROM parquet_metadata({pattern})");
        var groups = new List<List<ColumnChunkFooter>>();
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
            {
                var chunk = new ColumnChunkFooter(
                    Convert.ToInt64(answer.GetValue(0, row), CultureInfo.InvariantCulture),
                    Convert.ToInt64(answer.GetValue(1, row), CultureInfo.InvariantCulture),
                    Convert.ToInt64(answer.GetValue(2, row), CultureInfo.InvariantCulture),
                    (long?)answer.GetValue(3, row),
                    (string?)answer.GetValue(4, row),
                    (string?)answer.GetValue(5, row));
                if (groups.Count == 0 || groups[^1][0].Group != chunk.Group)
                    groups.Add([]);
                groups[^1].Add(chunk);
            }
        return groups;
    }
}
