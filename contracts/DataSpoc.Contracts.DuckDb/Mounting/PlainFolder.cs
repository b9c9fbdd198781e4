using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Contracts.DuckDb.Mounting;

/// <summary>Tables that are only a folder of Parquet files, as DataSpoc 1.0 left them: what their columns are is found in the files.</summary>
public static class PlainFolder
{
    /// <summary>
    /// The table that files make up: all columns of all files by name, each with the type that holds those of all files, and <c>dt</c> (DATE) last where a file has a
    /// partition value for it. Opens the footer of every file.
    /// </summary>
    /// <param name="connection">A connection that may read the files.</param>
    /// <param name="schema">The layer.</param>
    /// <param name="name">The table's name within the layer.</param>
    /// <param name="files">At least one file.</param>
    /// <exception cref="UserError">A file is not there, is not Parquet, or two files have types for a column that nothing holds; it is named.</exception>
    public static MountedTable Table(Connection connection, string schema, string name, IReadOnlyList<MountedFile> files)
    {
        var list = string.Join(", ", files.Select(f => Sql.Literal(GlobPath.Literal(f.LocalPath))));
        try
        {
            var found = connection.Describe($"SELECT * FROM read_parquet([{list}], union_by_name = true, hive_partitioning = false)");
            var partitions = files.SelectMany(f => f.PartitionValues.Keys).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            var columns = found.Where(c => !partitions.Contains(c.Name, StringComparer.OrdinalIgnoreCase)).Select(c => new MountedColumn(c.Name, c.Type));
            return new(schema, name, [.. columns, .. partitions.Select(p => new MountedColumn(p, LogicalType.Date))], files) { PartitionColumns = partitions };
        }
        catch (DuckDbException e)
        {
            // DuckDB does not say which of the files it is.
            foreach (var file in files)
                ParquetFooter.Read(connection, file.LocalPath);
            throw new UserError($"the files of the table `{schema}.{name}` do not fit together", e) { Where = [("reason", e.Message.Split('\n')[0])] };
        }
    }
}
