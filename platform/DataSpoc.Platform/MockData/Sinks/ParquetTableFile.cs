using DataSpoc.Contracts.DuckDb;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>A Parquet file, written by DuckDB on a thread of its own while rows come.</summary>
internal sealed class ParquetTableFile : ITableFile, ICellWriter
{
    // the rows of a group are in memory until it is full, in each of the files; Bloom filters would be until the file is
    private const int RowGroupRows = 61_440;
    private readonly Connection _connection;
    private readonly ChunkChannel _channel;
    private readonly CancellationToken _cancel;
    private readonly Task<ParquetFile> _writing;
    private readonly int _columns;
    private DataChunk? _chunk;
    private VectorWriter[] _vectors = [];
    private int _column;
    private int _row;
    private bool _complete;

    public ParquetTableFile(Database database, string path, TableShape shape, CancellationToken cancel)
    {
        var columns = shape.Columns.Select(static c => (c.Name, TypeOf(c))).ToList();
        _columns = columns.Count;
        _cancel = cancel;
        _connection = database.Connect();
        _channel = new([.. columns.Select(static c => c.Item2)], chunks: 6);
        _writing = Task.Factory.StartNew(
            () => ParquetWriter.Write(_connection, _channel, columns, path, new() { RowGroupRows = RowGroupRows, BloomFilters = false }, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public ICellWriter Cells => this;

    public long Rows { get; private set; }

    /// <summary>One thread per file, and rows in their order: the same rows give the same bytes.</summary>
    public static Database OpenDatabase() => Database.Open(new() { Threads = 1, MemoryLimit = "1GB" });

    public void WriteNull() => Next().SetNull(_row);

    public void WriteFlag(bool value) => Next().Set(_row, value);

    public void WriteWhole(long value) => Next().Set(_row, value);

    public void WriteNumber(double value, int digits) => Next().Set(_row, (long)Math.Round(value * Scale(digits)));

    public void WriteText(string value)
    {
        Span<byte> utf8 = stackalloc byte[256];
        Next().SetString(_row, utf8[..System.Text.Encoding.UTF8.GetBytes(value, utf8)]);
    }

    public void WriteDay(DateOnly value) => Next().Set(_row, value.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);

    public void WriteTime(DateTime value) => Next().Set(_row, (value - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    public void EndRow()
    {
        if (_column != _columns)
            throw new InvalidOperationException($"{_column} cells for {_columns} columns");
        _column = 0;
        Rows++;
        if (++_row < DataChunk.Capacity)
            return;
        HandOver();
    }

    public void Complete()
    {
        if (_chunk is not null)
            HandOver();
        _complete = true;
        _channel.Complete();
        _writing.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        if (!_complete)
        {
            _channel.Complete(new OperationCanceledException("the file is not wanted any more"));
            try
            {
                _writing.GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                // as it was told
                _complete = true;
            }
        }
        _channel.Dispose();
        _connection.Dispose();
    }

    private static LogicalType TypeOf(MockColumn column) => (column.JsonType, column.Format) switch
    {
        ("integer", _) => LogicalType.BigInt,
        ("number", _) => LogicalType.Decimal(12, column.Digits),
        ("boolean", _) => LogicalType.Boolean,
        (_, "date-time") => LogicalType.TimestampTz,
        (_, "date") => LogicalType.Date,
        _ => LogicalType.Varchar,
    };

    private static double Scale(int digits) => digits switch { 1 => 10, 2 => 100, 3 => 1000, _ => 100_000 };

    private VectorWriter Next()
    {
        if (_chunk is null)
        {
            _chunk = Rented();
            _vectors = [.. Enumerable.Range(0, _columns).Select(_chunk.Writer)];
            _row = 0;
        }
        return _vectors[_column++];
    }

    /// <summary>A chunk, or what the writer failed with.</summary>
    private DataChunk Rented()
    {
        try
        {
            return _channel.Rent(_cancel);
        }
        catch (OperationCanceledException) when (_writing.IsFaulted)
        {
            _complete = true;
            _writing.GetAwaiter().GetResult();
            throw;
        }
    }

    private void HandOver()
    {
        _chunk!.Count = _row;
        _channel.Write(_chunk);
        _chunk = null;
    }
}
