using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Postgres.Decoding;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>
/// Reads the rows of <c>COPY … TO STDOUT (FORMAT binary)</c> into chunks: a header of 11 bytes, flags and an extension; then per row the number of fields and each field after its
/// length, −1 for NULL; −1 in place of the number of fields at the end (PostgreSQL, "COPY", "Binary Format").
/// </summary>
/// <param name="stream">What the server sends.</param>
/// <param name="columns">In the order of the fields.</param>
/// <param name="leavesOut">Whether a value that its column cannot hold becomes NULL.</param>
/// <param name="reject">Takes a row with such a value, and says whether the reading goes on.</param>
internal sealed class CopyReader(Stream stream, IReadOnlyList<CopyColumn> columns, bool leavesOut, Func<RejectedRecord, ValueTask<bool>> reject)
{
    /// <summary>A row longer than this is refused: rows are held in memory, several at a time.</summary>
    public const int LongestRow = 64 << 20;

    private const int HeaderLength = 19;

    /// <summary>Bytes that are waited for before rows are decoded: Npgsql gives them row by row.</summary>
    private const int Batch = 128 << 10;

    /// <summary>Bytes of long texts with which a chunk is full before it has all its rows.</summary>
    private const int MostTextBytes = 4 << 20;

    private readonly VectorWriter[] _writers = new VectorWriter[columns.Count];
    private byte[] _buffer = new byte[2 * Batch];
    private int _start;
    private int _end;
    private bool _headerRead;
    private bool _closed;
    private bool _ended;
    private (ValueRefused Reason, int Length)? _refused;

    /// <summary>Rows read so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Fills a chunk and sets its count. A row that is rejected ends the chunk before it.</summary>
    /// <returns>Whether there is more.</returns>
    /// <exception cref="ValueRefused">A value that its column cannot hold, in a row that was not taken; the sentence names the column.</exception>
    public async ValueTask<bool> FillAsync(DataChunk chunk, CancellationToken cancel)
    {
        for (var i = 0; i < _writers.Length; i++)
            _writers[i] = chunk.Writer(i);
        var row = 0;
        while (!_ended)
        {
            var full = Decode(chunk, ref row);
            if (_refused is { } refused)
                await RejectAsync(refused.Reason, refused.Length);
            if (full || _ended)
                break;
            if (_closed)
                throw new EndOfStreamException("The server ended the rows in the middle");
            await ReadAsync(cancel);
        }
        chunk.Count = row;
        Rows += row;
        return !_ended;
    }

    private async ValueTask RejectAsync(ValueRefused reason, int length)
    {
        if (!await reject(new(Json(_buffer.AsSpan(_start + 2, length - 2)), reason.Message, null)))
            throw reason;
        _start += length;
        _refused = null;
    }

    // decodes the rows that are wholly there; true where the chunk is full, or ends before a row that is refused
    private bool Decode(DataChunk chunk, ref int row)
    {
        if (!_headerRead)
        {
            if (_end - _start < HeaderLength)
                return false;
            // the extension is empty since the format exists
            _start += HeaderLength;
            _headerRead = true;
        }
        var since = 0;
        while (row < DataChunk.Capacity)
        {
            var length = RowLength(_buffer.AsSpan(_start, _end - _start));
            if (length <= 0)
            {
                _ended = length == 0;
                return false;
            }
            if (DecodeRow(_buffer.AsSpan(_start + 2, length - 2), row) is { } refused)
            {
                _refused = (refused, length);
                return true;
            }
            _start += length;
            row++;
            since += length;
            if (since >= MostTextBytes / 4)
            {
                if (chunk.TextBytes >= MostTextBytes)
                    return true;
                since = 0;
            }
        }
        return true;
    }

    private ValueRefused? DecodeRow(ReadOnlySpan<byte> rest, int row)
    {
        for (var i = 0; i < _writers.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0)
            {
                _writers[i].SetNull(row);
                rest = rest[4..];
                continue;
            }
            try
            {
                columns[i].Decoder.Write(rest.Slice(4, length), _writers[i], row);
            }
            catch (ValueRefused refused) when (!leavesOut)
            {
                return new($"`{columns[i].SourceName}` {refused.Message}") { Hint = refused.Hint };
            }
            catch (UserError invalid) when (!leavesOut)
            {
                return new($"`{columns[i].SourceName}`: {invalid.What}") { Hint = invalid.Hint };
            }
            catch (Exception refused) when (refused is ValueRefused or UserError)
            {
                _writers[i].SetNull(row);
            }
            rest = rest[(4 + length)..];
        }
        return null;
    }

    private byte[] Json(ReadOnlySpan<byte> row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var column in columns)
            {
                json.WritePropertyName(column.Name);
                Part.WriteJson(ref row, column.Decoder, json);
            }
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    // the bytes of the first row; 0 at the end of all, −1 where it is not wholly there
    private int RowLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
            return -1;
        var fields = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (fields < 0)
            return 0;
        var position = 2L;
        for (var i = 0; i < fields; i++)
        {
            if (position + 4 > bytes.Length)
                return -1;
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[(int)position..]);
            position += 4 + Math.Max(length, 0);
            if (position > LongestRow)
                throw new ValueRefused(string.Create(CultureInfo.InvariantCulture, $"`{columns[i].SourceName}` has a value of {length / 1e6:0} MB in a row, rows have {LongestRow / 1e6:0} MB at most")) { Hint = "read the table through a view that leaves the column out, or cuts it" };
        }
        return position <= bytes.Length ? (int)position : -1;
    }

    private async ValueTask ReadAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end + Batch > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, LongestRow + (2L * Batch)));
        var enough = Math.Min(_buffer.Length, _end + Batch);
        while (_end < enough)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancel);
            if (read == 0)
            {
                _closed = true;
                return;
            }
            _end += read;
        }
    }
}
