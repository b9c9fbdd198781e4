using System.IO.Compression;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;
using DataSpoc.Pipe.Sources.Rows;

namespace DataSpoc.Pipe.Sources.Singer.Batches;

/// <summary>Reads the records of BATCH messages into their stream, in the order of the files.</summary>
/// <param name="options">Where the files are, and how much a stream may grow.</param>
/// <param name="chunks">The chunks that are being filled.</param>
/// <param name="readLines">Reads lines that are records of a stream: the lines, what errors call them, the stream.</param>
internal sealed class BatchReader(SingerOptions options, OpenChunks chunks, Func<Stream, string, SingerStream, Task> readLines)
{
    /// <exception cref="UserError">The message, a file or a value is not as it should be: the stream cannot be read on.</exception>
    public async Task ReadAsync(SingerStream stream, ReadOnlyMemory<byte> message, SourcePosition position, ISourceSink sink, CancellationToken cancel)
    {
        var batch = BatchMessage.Read(message, position);
        var files = options.Batches ?? throw position.Error($"the files of a BATCH of `{stream.Name}` cannot be read here, in {position}", "turn batches off in the tap's configuration (`batch_config`)");
        foreach (var uri in batch.Files)
        {
            if (stream.Ignored)
                return;

            var path = await FetchAsync(files, uri, position, cancel);
            if (batch.IsParquet)
                await ReadParquetAsync(stream, files, path, uri, position, sink, cancel);
            else
                await ReadRecordsAsync(stream, path, uri, batch.IsGzip, position);
        }
    }

    private static async Task<string> FetchAsync(IBatchFiles files, string uri, SourcePosition position, CancellationToken cancel)
    {
        try
        {
            return await files.FetchAsync(uri, cancel);
        }
        catch (UserError error)
        {
            throw Unreadable(uri, position, error);
        }
    }

    private async Task ReadRecordsAsync(SingerStream stream, string path, string uri, bool gzip, SourcePosition position)
    {
        try
        {
            await using var file = File.OpenRead(path);
            await using var lines = gzip ? (Stream)new GZipStream(file, CompressionMode.Decompress) : file;
            await readLines(lines, Path.GetFileName(uri), stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Unreadable(uri, position, error);
        }
    }

    private async Task ReadParquetAsync(SingerStream stream, IBatchFiles files, string path, string uri, SourcePosition position, ISourceSink sink, CancellationToken cancel)
    {
        await chunks.HandOverAsync(stream, sink, cancel);
        using var connection = files.Connect();
        var table = $"read_parquet({Sql.Literal(GlobPath.Literal(path))})";
        try
        {
            var columns = connection.Describe($"SELECT * FROM {table}").Select(column => (column.Name, column.Type)).ToArray();
            stream.Context.Undeclared.AddRange(BatchColumns.Undeclared(stream.Writer!.Shape, columns.Select(column => column.Name)).Select(name => (stream.Writer, name)));
            if (stream.Context.Undeclared.Count > 0)
            {
                stream.Grow(options.MaxUndeclaredFields, position);
                await sink.SchemaAsync(stream.Schema!, cancel);
            }

            if (stream.LacksVersions(stream.Active) && stream.AddVersions())
                await sink.SchemaAsync(stream.Schema!, cancel);

            stream.Version = stream.Active;
            using var rows = connection.Query($"SELECT {BatchColumns.Select(stream.Writer.Shape, columns)} FROM {table}");
            while (rows.NextChunk())
            {
                RequireKeys(stream, rows.Chunk, uri, position);
                await chunks.BeginAsync(stream, sink, cancel);
                for (var column = 0; column < stream.Writer.Shape.Fields.Length; column++)
                    VectorCopy.Rows(rows.Chunk.Reader(column), stream.Chunk!.Writer(column), rows.Chunk.Count);
                stream.CountAll(rows.Chunk.Count);
                await chunks.HandOverAsync(stream, sink, cancel);
            }
        }
        catch (DuckDbException error)
        {
            throw Unreadable(uri, position, error);
        }
    }

    private static void RequireKeys(SingerStream stream, DataChunk rows, string uri, SourcePosition position)
    {
        foreach (var (column, index) in stream.Schema!.Columns.Select((column, index) => (column, index)).Where(c => !c.column.Nullable))
        {
            var values = rows.Reader(index);
            for (var row = 0; row < rows.Count && values.HasNulls; row++)
                if (values.IsNull(row))
                    throw position.Error($"`{stream.Name}.{column.SourceName}` is null, but a key property, in `{uri}` of {position}", "a key must identify every row: correct `table-key-properties` in the tap's catalog");
        }
    }

    private static UserError Unreadable(string uri, SourcePosition position, Exception inner) => new($"a file of a BATCH of `{position.Stream}` cannot be read, in {position}: `{uri}`", inner)
    {
        Where = [("source", position.Origin), ("stream", position.Stream!), ("file", uri), ("reason", (inner as UserError)?.What ?? inner.Message.Split('\n')[0])],
        Hint = "the tap writes the file before its message, where this machine can read it",
    };
}
