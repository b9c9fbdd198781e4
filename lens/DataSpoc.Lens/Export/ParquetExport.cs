using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Lens.Export;

/// <summary>A query whose rows DuckDB writes into a Parquet file.</summary>
internal static class ParquetExport
{
    /// <summary>Writes the rows of a checked query.</summary>
    /// <returns>How many there are.</returns>
    /// <inheritdoc cref="Statement"/>
    /// <exception cref="DuckDbException">The query fails.</exception>
    public static long Run(Connection connection, string query, long? limit, string path, CancellationToken cancel)
    {
        using var written = connection.Query(Statement(connection, query, limit, path), cancel);
        return written.NextChunk() && written.GetValue(0, 0) is long rows ? rows : 0;
    }

    /// <summary>The statement that writes the rows of a checked query.</summary>
    /// <param name="connection">Where the query can be bound.</param>
    /// <param name="query">One SELECT without semicolon.</param>
    /// <param name="limit">Rows wanted at most, or null.</param>
    /// <param name="path">The file.</param>
    private static string Statement(Connection connection, string query, long? limit, string path)
    {
        // on lines of its own, so that a comment at the query's end comments out nothing else
        var rows = $"(\n{query}\n)";
        // Parquet has no integers of 128 bits: DuckDB would write them as doubles
        var wide = connection.Describe($"FROM {rows}").Where(column => column.Type.Kind is LogicalKind.HugeInt or LogicalKind.UHugeInt).Select(column => Contracts.DuckDb.Sql.Identifier(column.Name));
        var casts = string.Join(", ", wide.Select(column => $"CAST({column} AS DECIMAL(38,0)) AS {column}"));
        var select = casts.Length == 0 ? "SELECT *" : $"SELECT * REPLACE ({casts})";
        return $"COPY ({select} FROM {rows}{(limit is null ? "" : $" LIMIT {limit}")}) TO {Contracts.DuckDb.Sql.Literal(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)";
    }
}
