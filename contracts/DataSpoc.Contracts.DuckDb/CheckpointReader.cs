using System.Text;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Contracts.DuckDb;

/// <summary>
/// Reads Delta's Parquet checkpoints (Delta protocol, "Checkpoints"): each row becomes the line that the log would have for it, so that one parser knows all rules.
/// </summary>
public sealed class CheckpointReader(Database database) : ICheckpointReader
{
    private static readonly string[] Actions = ["protocol", "metaData", "add", "remove", "txn", "sidecar"];

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeltaAction>> ReadAsync(string localFile, string key, CancellationToken cancel) => Task.Run(() => Read(localFile, key, cancel), cancel);

    private IReadOnlyList<DeltaAction> Read(string localFile, string key, CancellationToken cancel)
    {
        using var connection = database.Connect();
        var source = $"read_parquet({Sql.Literal(GlobPath.Literal(Path.GetFullPath(localFile)))}, hive_partitioning = false)";
        try
        {
            var there = connection.Describe($"FROM {source}").Select(c => c.Name).Intersect(Actions).ToList();
            if (there.Count == 0)
                throw new UserError("a file is not a Delta checkpoint: it has no column of an action") { Where = [("file", key)] };
            var lines = string.Join(", ", there.Select(a => $"CASE WHEN {Sql.Identifier(a)} IS NOT NULL THEN to_json({Sql.Identifier(a)}) END"));
            using var rows = connection.Query($"SELECT {lines} FROM {source}", cancel);
            return LogEntry.Parse(Lines(rows, there), key);
        }
        catch (DuckDbException e)
        {
            throw new UserError("a Delta checkpoint cannot be read", e)
            {
                Where = [("file", key), ("reason", e.Message.Split('\n')[0])],
                Hint = "restore this file from a backup or from the bucket's versions; where all log entries from 0 on are there, it can be deleted together with _last_checkpoint",
            };
        }
    }

    private static ReadOnlyMemory<byte> Lines(ResultReader rows, List<string> actions)
    {
        var lines = new MemoryStream();
        while (rows.NextChunk())
            for (var row = 0; row < rows.Chunk.Count; row++)
                for (var column = 0; column < actions.Count; column++)
                {
                    var action = rows.Chunk.Reader(column);
                    if (action.IsNull(row))
                        continue;
                    lines.Write(Encoding.UTF8.GetBytes($"{{\"{actions[column]}\":"));
                    lines.Write(action.String(row));
                    lines.Write("}\n"u8);
                }
        return lines.GetBuffer().AsMemory(0, (int)lines.Length);
    }
}
