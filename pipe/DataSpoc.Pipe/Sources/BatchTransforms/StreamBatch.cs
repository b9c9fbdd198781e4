using System.Text.Json.Nodes;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Rows;

namespace DataSpoc.Pipe.Sources.BatchTransforms;

/// <summary>The rows of a stream that wait for the transform, and what it makes of them.</summary>
internal sealed class StreamBatch : IDisposable
{
    // a batch ends well before the source would have to wait for a free chunk
    private const int Chunks = 64;
    private const int Full = 48;

    private readonly ISourceSink _sink;
    private readonly BatchTransform _transform;
    private readonly StreamSchema _incoming;
    private readonly IReadOnlyList<(string Name, LogicalType Type)> _columns;
    private readonly Connection _connection;
    private readonly ChunkChannel _channel;
    private readonly string _file;
    private long? _version;

    public StreamBatch(ISourceSink sink, BatchTransform transform, Database database, string scratch, StreamSchema incoming)
    {
        (_sink, _transform, _incoming) = (sink, transform, incoming);
        _file = Path.Combine(scratch, $"batch-{Guid.NewGuid():N}.parquet");
        _connection = database.Connect();
        _columns = transform.Columns(_connection, incoming.Stream, $"SELECT {string.Join(", ", incoming.Columns.Select(column => $"CAST(NULL AS {column.Type}) AS {Sql.Identifier(column.Name)}"))} WHERE false");
        var outgoing = _columns.Select(column => incoming.Columns.FirstOrDefault(own => own.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) is { } own
            ? own with { Name = column.Name, Type = column.Type }
            // dt is the partition, which lies in the path only
            : new StreamColumn(column.Name.Equals("dt", StringComparison.OrdinalIgnoreCase) ? column.Name + "_" : column.Name, column.Type, true) { SourceName = column.Name });
        Outgoing = new(incoming.Stream, [.. outgoing], [.. incoming.KeyProperties.Where(key => _columns.Any(column => column.Name.Equals(key, StringComparison.OrdinalIgnoreCase)))]) { Replaces = incoming.Replaces };
        _channel = new(incoming.Types, Chunks);
    }

    /// <summary>What the stream looks like behind the transform.</summary>
    public StreamSchema Outgoing { get; }

    /// <summary>The types of the columns as they come, as JSON.</summary>
    public string IncomingTypes => new JsonObject(_incoming.Columns.Select(column => KeyValuePair.Create(column.SourceName, (JsonNode?)column.Type.ToString()))).ToJsonString();

    /// <summary>Whether the stream has failed: what waits and what still comes is given up.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Chunks that wait.</summary>
    public int Waiting { get; private set; }

    public DataChunk Rent(CancellationToken cancel) => _channel.Rent(cancel);

    /// <summary>Takes rows; a full batch goes through the transform.</summary>
    public async Task AddAsync(DataChunk rows, long? version, CancellationToken cancel)
    {
        if (version != _version)
            await FlushAsync(cancel);
        _version = version;
        Waiting += rows.Count > 0 ? 1 : 0;
        _channel.Write(rows);
        if (Waiting >= Full)
            await FlushAsync(cancel);
    }

    /// <summary>Sends what waits through the transform.</summary>
    /// <exception cref="DataSpoc.Contracts.UserError">It fails.</exception>
    public async Task FlushAsync(CancellationToken cancel)
    {
        if (Waiting == 0)
            return;
        Waiting = 0;
        _channel.Split(cancel);
        while (_channel.Next(cancel) == ChunkSignal.Rows)
            ParquetWriter.Write(_connection, _channel, [.. _incoming.Columns.Select(column => (column.Name, column.Type))], _file, new(), cancel);
        try
        {
            if (IsGivenUp)
                return;
            _transform.Columns(_connection, _incoming.Stream, $"SELECT {string.Join(", ", _incoming.Columns.Select(column => $"CAST({Sql.Identifier(column.Name)} AS {column.Type}) AS {Sql.Identifier(column.Name)}"))} FROM read_parquet({Sql.Literal(_file)})");
            using var result = _connection.Query(_transform.Select(_columns), cancel);
            while (result.NextChunk())
                await SendAsync(result.Chunk, cancel);
        }
        catch (DuckDbException error)
        {
            throw _transform.Failed(_incoming.Stream, error);
        }
        finally
        {
            File.Delete(_file);
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _connection.Dispose();
    }

    private async Task SendAsync(DataChunk rows, CancellationToken cancel)
    {
        var chunk = _sink.Rent(Outgoing, cancel);
        for (var column = 0; column < _columns.Count; column++)
            VectorCopy.Rows(rows.Reader(column), chunk.Writer(column), rows.Count);
        chunk.Count = rows.Count;
        await _sink.RowsAsync(Outgoing, chunk, _version, cancel);
    }
}
