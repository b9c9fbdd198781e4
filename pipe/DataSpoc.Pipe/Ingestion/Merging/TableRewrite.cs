using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;
using DataSpoc.Pipe.Sources;

namespace DataSpoc.Pipe.Ingestion.Merging;

/// <summary>
/// Writes again what stays of files that a merge touches. DuckDB does the join: it keeps the keys, writes to disk what does not fit into memory, and streams the files.
/// </summary>
/// <param name="connection">Where it runs; <see cref="Keys"/> is a view there, if <paramref name="key"/> has columns.</param>
/// <param name="fields">The table's columns, <c>dt</c> not among them.</param>
/// <param name="key">The columns of the key; none: no row goes because of its key.</param>
/// <param name="active">Rows of other versions go; null: none do.</param>
internal sealed class TableRewrite(Connection connection, IReadOnlyList<DeltaField> fields, IReadOnlyList<string> key, ActiveVersion? active)
{
    /// <summary>The view with the keys of the rows that come in.</summary>
    public const string Keys = "dataspoc_keys";

    private const string File = "__dataspoc_file";

    /// <summary>Of these files, those that hold a row that goes.</summary>
    public IReadOnlyList<ExistingFile> Touched(IReadOnlyList<ExistingFile> candidates, CancellationToken cancel)
    {
        if (candidates.Count == 0)
            return [];
        using var answer = connection.Query($"SELECT DISTINCT {File} FROM {From(candidates)} AS t WHERE NOT ({Stays(candidates)})", cancel);
        var touched = new HashSet<string>(StringComparer.Ordinal);
        while (answer.NextChunk())
            for (var row = 0; row < answer.Chunk.Count; row++)
                touched.Add(answer.GetText(0, row)!);
        return [.. candidates.Where(file => touched.Contains(file.Path))];
    }

    /// <summary>The SELECT of the rows that stay, as the table's columns.</summary>
    public string Remainder(IReadOnlyList<ExistingFile> files)
    {
        var present = Present(files);
        var columns = fields.Where(field => present.Contains(field.Name)).Select(field => $"CAST(t.{Sql.Identifier(field.Name)} AS {StorageTypes.FromDelta(field.Type)}) AS {Sql.Identifier(field.Name)}");
        return $"SELECT {string.Join(", ", columns)} FROM {From(files)} AS t WHERE {Stays(files)}";
    }

    private string Stays(IReadOnlyList<ExistingFile> files)
    {
        var conditions = new List<string>();
        if (key.Count > 0)
            conditions.Add($"NOT EXISTS (SELECT 1 FROM {Keys} AS k WHERE {string.Join(" AND ", key.Select(column => $"k.{Sql.Identifier(column)} = t.{Sql.Identifier(column)}"))})");
        if (active is not null)
        {
            var own = files.Where(file => active.OwnFiles.Contains(file.File.Path)).Select(file => Sql.Literal(file.Path)).ToArray();
            var version = Present(files).Contains(SourceColumns.Version) ? $"t.{SourceColumns.Version}" : "CAST(NULL AS BIGINT)";
            conditions.Add(FormattableString.Invariant($"({version} IS NOT DISTINCT FROM {active.Version}{(own.Length == 0 ? "" : $" OR ({version} IS NULL AND t.{File} IN ({string.Join(", ", own)}))")})"));
        }
        return conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);
    }

    private HashSet<string> Present(IReadOnlyList<ExistingFile> files) => [.. connection.Describe($"SELECT * FROM {From(files)}").Select(column => column.Name)];

    private static string From(IReadOnlyList<ExistingFile> files) =>
        $"read_parquet([{string.Join(", ", files.Select(file => Sql.Literal(GlobPath.Literal(file.Path))))}], union_by_name=true, hive_partitioning=false, filename='{File}')";
}
