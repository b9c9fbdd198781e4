using System.Globalization;
using System.Runtime.ExceptionServices;
using DataSpoc.Contracts.DuckDb.Parquet;
using DataSpoc.Contracts.DuckDb.Streaming;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>Writes Parquet files the way CONTRACT section 1 says: zstd, INT64 microseconds, decimals as decimals, every type as <see cref="StorageTypes"/> says.</summary>
public static class ParquetWriter
{
    /// <summary>
    /// Writes rows of a channel into one new file until the channel has a <see cref="ChunkChannel.Split"/> or is complete, or the file has
    /// reached its limit; what is left stays in the channel for the next call.
    /// </summary>
    /// <param name="connection">Where the writing runs; used by nobody else meanwhile.</param>
    /// <param name="source">The rows. On failure it is abandoned, so that its producer ends.</param>
    /// <param name="columns">One per column of the channel: names, unique without regard to case, and types, to which the channel's are cast where they differ.</param>
    /// <param name="localPath">The file, which is replaced where it exists, and removed on failure.</param>
    /// <param name="options">Limits and layout.</param>
    /// <param name="cancel">Stops the writing.</param>
    /// <exception cref="UserError">A value does not fit its type, the disk is full, or names are not usable.</exception>
    /// <exception cref="OperationCanceledException">Cancelled or interrupted.</exception>
    /// <exception cref="Exception">What the producer failed with, as itself.</exception>
    public static ParquetFile Write(Connection connection, ChunkChannel source, IReadOnlyList<(string Name, LogicalType Type)> columns, string localPath, ParquetWriteOptions options, CancellationToken cancel = default) =>
        Write(connection, source, columns, null, localPath, options, cancel);

    /// <summary>Likewise, with values that are computed from the channel's columns.</summary>
    /// <param name="connection">Where the writing runs; used by nobody else meanwhile.</param>
    /// <param name="source">The rows. On failure it is abandoned, so that its producer ends.</param>
    /// <param name="columns">The file's columns.</param>
    /// <param name="values">What is written into each, in SQL over the channel's columns <c>c0</c>, <c>c1</c> …; null: the channel's columns themselves.</param>
    /// <param name="localPath">The file, which is replaced where it exists, and removed on failure.</param>
    /// <param name="options">Limits and layout.</param>
    /// <param name="cancel">Stops the writing.</param>
    /// <exception cref="UserError">A value does not fit its type, the disk is full, or names are not usable.</exception>
    public static ParquetFile Write(
        Connection connection, ChunkChannel source, IReadOnlyList<(string Name, LogicalType Type)> columns, IReadOnlyList<string>? values, string localPath, ParquetWriteOptions options, CancellationToken cancel)
    {
        if (columns.Count != (values?.Count ?? source.Types.Count))
            throw new ArgumentException($"{columns.Count} columns for {values?.Count ?? source.Types.Count} values", nameof(columns));
        ColumnNames.Check(columns.Select(c => c.Name));
        var roll = new FileRoll(localPath, options);
        using var feed = new ChunkFeed(source, connection, roll.IsFull, cancel);
        var (number, table) = connection.Database.Sources.Add(feed);
        try
        {
            var select = string.Join(", ", columns.Select((c, i) => $"{(values is null ? Cast($"c{i}", source.Types[i], c.Type) : values[i])} AS {Sql.Identifier(c.Name)}"));
            Copy(connection, $"SELECT {select} FROM {table}", localPath, options, feed, cancel);
            return ParquetFooter.Read(connection, localPath);
        }
        catch
        {
            source.Abandon();
            throw;
        }
        finally
        {
            connection.Database.Sources.Remove(number);
            source.Release();
        }
    }

    /// <summary>Writes what a SELECT answers into one new file, which is replaced where it exists and removed on failure.</summary>
    /// <param name="connection">Where the query runs.</param>
    /// <param name="selectSql">One SELECT; its columns have names that are unique without regard to case.</param>
    /// <param name="localPath">The file.</param>
    /// <param name="options">Layout; limits do not apply (<see cref="ParquetFolder"/>).</param>
    /// <param name="cancel">Stops the query.</param>
    /// <exception cref="UserError">The query fails, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled or interrupted.</exception>
    public static ParquetFile Write(Connection connection, string selectSql, string localPath, ParquetWriteOptions options, CancellationToken cancel = default)
    {
        Copy(connection, Storable(connection, selectSql), localPath, options, null, cancel);
        return ParquetFooter.Read(connection, localPath);
    }

    private static void Copy(Connection connection, string select, string localPath, ParquetWriteOptions options, ChunkFeed? feed, CancellationToken cancel)
    {
        try
        {
            connection.Execute($"COPY ({select}) TO {Sql.Literal(localPath)} ({Layout(connection, options)})", cancel);
        }
        catch (Exception e) when (e is DuckDbException or OperationCanceledException)
        {
            File.Delete(localPath);
            cancel.ThrowIfCancellationRequested();
            if (feed?.Captured is { } captured)
                ExceptionDispatchInfo.Throw(captured);
            if (e is DuckDbException failed)
                throw Failed(localPath, failed);
            throw;
        }
    }

    private static string Layout(Connection connection, ParquetWriteOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {options.RowGroupRows}, USE_TMP_FILE false{(options.BloomFilters ? "" : ", WRITE_BLOOM_FILTER false")}{(connection.Database.Options.PreserveOrder ? "" : $", ROW_GROUP_SIZE_BYTES {options.RowGroupBytes}")}");

    private static UserError Failed(string localPath, DuckDbException e) =>
        e.Error == DuckDbError.Io && e.Message.Contains("No space left", StringComparison.Ordinal)
            ? new("the disk is full", e) { Where = [("file", localPath)], Hint = "free space, or choose another temporary folder" }
            : new("writing rows to Parquet failed", e) { Where = [("reason", e.Message.Split('\n')[0])] };

    private static string Storable(Connection connection, string selectSql)
    {
        var select = selectSql.TrimEnd().TrimEnd(';');
        IReadOnlyList<ResultColumn> columns;
        try
        {
            columns = connection.Describe(select);
        }
        catch (DuckDbException e)
        {
            throw new UserError("the query of a table cannot be run", e) { Where = [("reason", e.Message)] };
        }
        ColumnNames.Check(columns.Select(c => c.Name));
        // On lines of its own, so that a comment at its end does not reach the bracket.
        return $"SELECT {StorageTypes.SelectList(columns.Select(c => (c.Name, c.Type)))} FROM (\n{select}\n)";
    }

    private static string Cast(string column, LogicalType from, LogicalType to)
    {
        var stored = StorageTypes.Stored(to);
        return from.Equals(stored) ? column : $"CAST({column} AS {stored})";
    }
}
