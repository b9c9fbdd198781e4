using System.Globalization;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>Writes what a query answers as several Parquet files, as CONTRACT section 1 says.</summary>
public static class ParquetFolder
{
    /// <summary>Writes the rows into files of about <paramref name="fileBytes"/> each; one file, perhaps without rows, where they are few.</summary>
    /// <param name="connection">Where the query runs.</param>
    /// <param name="select">The query.</param>
    /// <param name="folder">A folder that does not exist; it is made, and removed on failure.</param>
    /// <param name="fileBytes">A file ends after the row group with which it reaches this size.</param>
    /// <param name="cancel">Stops the writing.</param>
    /// <param name="partition">A column of the query whose values become folders, <c>dt=2026-01-31</c>, and which is left out of the files; or null.</param>
    /// <returns>The files in the order of their rows.</returns>
    /// <exception cref="DuckDbException">The query fails, or the disk is full.</exception>
    public static IReadOnlyList<ParquetFile> Write(Connection connection, string select, string folder, long fileBytes, CancellationToken cancel, string? partition = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        try
        {
            if (partition is null)
                Copy(connection, select, folder, Limit(fileBytes), cancel);
            else
                Partition(connection, select, folder, fileBytes, partition, cancel);
            var paths = Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories);
            Array.Sort(paths, (one, other) => one.Length == other.Length ? string.CompareOrdinal(one, other) : one.Length - other.Length);
            return Array.ConvertAll(paths, path => ParquetFooter.Read(connection, path));
        }
        catch
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    // in the order of the partitions few files are open at once, however many there are; DuckDB limits the size of files only where it does not partition them
    private static void Partition(Connection connection, string select, string folder, long fileBytes, string partition, CancellationToken cancel)
    {
        Copy(connection, $"SELECT * FROM ({select}\n) ORDER BY {Sql.Identifier(partition)}", folder, $"PARTITION_BY ({Sql.Identifier(partition)})", cancel);
        foreach (var large in Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Where(path => new FileInfo(path).Length > fileBytes + (fileBytes / 2)))
        {
            Copy(connection, $"FROM read_parquet({Sql.Literal(GlobPath.Literal(large))}, hive_partitioning=false)", Path.ChangeExtension(large, null), Limit(fileBytes), cancel);
            File.Delete(large);
        }
    }

    private static string Limit(long fileBytes) => string.Create(CultureInfo.InvariantCulture, $"FILE_SIZE_BYTES {fileBytes}");

    private static void Copy(Connection connection, string select, string folder, string layout, CancellationToken cancel) =>
        connection.Execute($"COPY ({select}\n) TO {Sql.Literal(folder)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, {layout})", cancel);
}
