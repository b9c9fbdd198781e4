using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources;

namespace Pipe.Tests.Sources;

/// <summary>Writes each schema's rows of each stream into a Parquet file of its own.</summary>
internal sealed class ParquetSink : ISourceSink, IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipe-tests-");
    private readonly Dictionary<string, (ChunkChannel Channel, Task<ParquetFile> Writing)> open = [];

    public Database Database { get; } = Database.Open(new DatabaseOptions());

    /// <summary>The files of each stream, oldest first.</summary>
    public Dictionary<string, List<string>> Files { get; } = [];

    public async ValueTask SchemaAsync(StreamSchema schema, CancellationToken cancel)
    {
        await CloseAsync(schema.Stream);
        if (!Files.TryGetValue(schema.Stream, out var files))
            Files[schema.Stream] = files = [];
        var path = Path.Combine(folder.FullName, $"{Files.Count}-{files.Count}.parquet");
        files.Add(path);
        var channel = new ChunkChannel(schema.Types);
        var columns = schema.Columns.Select(c => (c.Name, c.Type)).ToList();
        var writing = Task.Run(
            () =>
            {
                using var connection = Database.Connect();
                return ParquetWriter.Write(connection, channel, columns, path, new ParquetWriteOptions(), cancel);
            },
            cancel);
        open[schema.Stream] = (channel, writing);
    }

    public DataChunk Rent(StreamSchema schema, CancellationToken cancel) => open[schema.Stream].Channel.Rent(cancel);

    public ValueTask RowsAsync(StreamSchema schema, DataChunk rows, long? version, CancellationToken cancel)
    {
        open[schema.Stream].Channel.Write(rows);
        return default;
    }

    public ValueTask StateAsync(ReadOnlyMemory<byte> state, bool complete, CancellationToken cancel) => default;

    public ValueTask ActivateVersionAsync(string stream, long version, CancellationToken cancel) => default;

    public ValueTask FailedAsync(string stream, UserError error, CancellationToken cancel) => throw error;

    /// <summary>Ends all files.</summary>
    public async Task CompleteAsync()
    {
        foreach (var stream in open.Keys.ToList())
            await CloseAsync(stream);
    }

    /// <summary>The first column of a query's answer, as .NET values; <c>$1</c> in it is the stream's newest file.</summary>
    public IReadOnlyList<object?> Query(string sql, string stream)
    {
        using var connection = Database.Connect();
        using var reader = connection.Query(sql.Replace("$1", $"'{Files[stream][^1]}'", StringComparison.Ordinal));
        var values = new List<object?>();
        while (reader.NextChunk())
            for (var row = 0; row < reader.Chunk.Count; row++)
                values.Add(reader.GetValue(0, row));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (channel, _) in open.Values)
            channel.Complete();
        await CompleteAsync();
        Database.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task CloseAsync(string stream)
    {
        if (!open.Remove(stream, out var writer))
            return;
        writer.Channel.Complete();
        await writer.Writing;
        writer.Channel.Dispose();
    }
}
