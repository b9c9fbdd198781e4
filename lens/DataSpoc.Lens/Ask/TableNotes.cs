using System.Text.Json;
using System.Text.Json.Nodes;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Scanning;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Sql;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Ask;

/// <summary>Reads what a model is told of tables: columns and comments from their logs, some rows from their smallest file.</summary>
/// <param name="buckets">Where they are.</param>
/// <param name="semantics">What words mean, and what is private.</param>
/// <param name="cache">The user's cache.</param>
/// <param name="options">How DuckDB is started.</param>
internal sealed class TableNotes(BucketSet buckets, Semantics semantics, ObjectCache cache, DatabaseOptions options)
{
    private const int LongestValue = 60;
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The notes of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="samples">Rows that are shown; 0 reads no data file.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UserError">The table cannot or may not be read, or a mark of <c>private</c> names none of its columns.</exception>
    public async Task<TableNote> ReadAsync(ResolvedTable table, int samples, CancellationToken cancel)
    {
        var names = TableNote.NamesOf(table);
        using var database = Database.Open(options);
        var content = await TableContent.ReadAsync(table.Bucket.Store, table.Table, new CheckpointReader(database), cancel);
        var columns = await ColumnsAsync(database, table, content, cancel);
        semantics.CheckMarks(names, [.. columns.Select(column => column.Name)]);
        var note = new TableNote(table, buckets.Buckets.Count == 1 ? names[0] : names[1], semantics.CommentOn(names) ?? content.Snapshot?.Metadata.Description,
            content.Snapshot?.Rows ?? table.Table.Entry?.Statistics.TotalRows, columns);
        return samples > 0 && content.Files.Count > 0 ? note with { Samples = await SamplesAsync(note, samples, cancel) } : note;
    }

    private async Task<IReadOnlyList<ColumnNote>> ColumnsAsync(Database database, ResolvedTable table, TableContent content, CancellationToken cancel)
    {
        var names = TableNote.NamesOf(table);
        using var connection = database.Connect();
        if (content.Snapshot is null && content.CopyPaths(cache).Count > 0)
            await new DistantTable(cache, content).FetchFootersAsync(null, cancel);
        var mounted = content.Mounted(connection, content.CopyPaths(cache) is { Count: > 0 } copies ? copies : [.. content.Files.Select(file => content.Store.LocalPath(file.Key)!)]);
        return [.. mounted.Columns.Select(column => new ColumnNote(
            column.Name, column.Type.ToString(),
            semantics.CommentOn(names.Select(name => $"{name}.{column.Name}")) ?? content.Snapshot?.Metadata.Schema.Find(column.Name)?.Metadata?["comment"]?.ToString(),
            table.Table.Entry?.PrimaryKey.Contains(column.Name) ?? false, mounted.PartitionColumns.Contains(column.Name, StringComparer.OrdinalIgnoreCase), semantics.IsPrivate(names, column.Name)))];
    }

    private async Task<IReadOnlyList<string>> SamplesAsync(TableNote note, int samples, CancellationToken cancel)
    {
        var shown = note.Columns.Where(column => !column.IsPrivate).ToArray();
        if (shown.Length == 0)
            return [];
        var sql = $"SELECT {string.Join(", ", shown.Select(column => $"left({SqlText.Identifier(column.Name)}::VARCHAR, {LongestValue})"))} FROM {note.Table.View} LIMIT {samples}";
        using var session = await QuerySession.OpenAsync(sql, buckets, new(buckets, cache) { OnlySmallestFile = true }, new(cache, null), Task.Run(() => Database.Open(options), cancel), new(), cancel);
        try
        {
            using var result = session.Run(cancel);
            var rows = new List<string>();
            while (result.NextChunk())
                for (var row = 0; row < result.Chunk.Count; row++)
                    rows.Add(new JsonObject(shown.Select((column, i) => KeyValuePair.Create(column.Name, (JsonNode?)(string?)result.GetValue(i, row)))).ToJsonString(s_readable));
            return rows;
        }
        catch (DuckDbException error)
        {
            throw await session.ExplainAsync(error, cancel);
        }
    }
}
