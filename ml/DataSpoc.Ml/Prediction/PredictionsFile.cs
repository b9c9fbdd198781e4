using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Ml.Prediction;

/// <summary>A file on this machine that predictions are written to; it is there when all rows are in it.</summary>
internal sealed class PredictionsFile
{
    private readonly string _path;
    private readonly string _layout;

    /// <summary>Its format follows from its name.</summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="UserError">The name ends in no known format, or its folder is not there (<see cref="ExitCode.Usage"/>).</exception>
    public PredictionsFile(string path)
    {
        _path = path;
        _layout = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => "",
            ".csv" => "FORMAT csv, HEADER",
            ".json" => "FORMAT json, ARRAY true",
            ".ndjson" => "FORMAT json",
            var other => throw new UserError($"`{other}` is no format of `--export`") { Where = [("file", path)], Hint = "name the file .parquet, .csv, .json or .ndjson", ExitCode = ExitCode.Usage },
        };
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw new UserError("the folder of `--export` is not there") { Where = [("file", path)], ExitCode = ExitCode.Usage };
    }

    /// <summary>Writes the channel's rows.</summary>
    /// <param name="connection">Used by nobody else meanwhile.</param>
    /// <param name="channel">The rows.</param>
    /// <param name="columns">Names and types as stored.</param>
    /// <param name="cancel">Leaves no file.</param>
    /// <returns>How many rows.</returns>
    public long Write(Connection connection, ChunkChannel channel, IReadOnlyList<(string Name, LogicalType Type)> columns, CancellationToken cancel)
    {
        var (rows, made) = ($"{_path}.{Guid.NewGuid():N}.rows", $"{_path}.{Guid.NewGuid():N}.made");
        try
        {
            if (channel.Next(cancel) != ChunkSignal.Rows)
                throw new UserError("the table has no rows: no file was written");
            var count = ParquetWriter.Write(connection, channel, columns, rows, new(), cancel).Rows;
            if (_layout.Length > 0)
                connection.Execute($"COPY (FROM read_parquet({Sql.Literal(rows)})) TO {Sql.Literal(made)} ({_layout})", cancel);
            File.Move(_layout.Length > 0 ? made : rows, _path, overwrite: true);
            return count;
        }
        finally
        {
            File.Delete(rows);
            File.Delete(made);
        }
    }
}
