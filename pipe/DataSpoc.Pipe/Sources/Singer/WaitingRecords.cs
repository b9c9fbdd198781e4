using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DataSpoc.Pipe.Sources.Singer;

/// <summary>
/// The RECORD lines of streams that have no chunk: a tap of very many streams that come in turns would otherwise hand over a chunk of few rows, and write
/// a file of few rows, at every turn. Lines lie in one block of memory and, where that is full, in one file without a name that is gone with this process.
/// </summary>
internal sealed class WaitingRecords : IDisposable
{
    /// <summary>Longer lines do not wait.</summary>
    public const int LongestLine = 1 << 20;

    private const int BlockBytes = 8 << 20;
    private const int StreamBytes = 4 << 20;
    private const long FileBytes = 1L << 30;

    // before each line in the block: where the stream's next line is, the line's length, its number
    private const int HeaderBytes = 16;
    private const int None = -1;

    private readonly Dictionary<SingerStream, Queue> _queues = [];
    private readonly List<SingerStream> _order = [];
    private byte[] _block = [];
    private int _used;
    private FileStream? _file;

    /// <summary>The streams that wait, in the order in which they began to.</summary>
    public IReadOnlyList<SingerStream> Streams => _order;

    /// <summary>Whether so much waits that all of it should be taken out.</summary>
    public bool IsFull => _file?.Length >= FileBytes;

    /// <summary>Whether lines of the stream wait: those that follow have to wait behind them.</summary>
    public bool Holds(SingerStream stream) => _queues.ContainsKey(stream);

    /// <param name="stream">Whose record it is.</param>
    /// <param name="line">The whole message, up to <see cref="LongestLine"/>.</param>
    /// <param name="number">The line's number.</param>
    /// <returns>Whether enough of the stream waits to be worth a place among the open chunks.</returns>
    public bool Add(SingerStream stream, ReadOnlySpan<byte> line, long number)
    {
        if (_block.Length == 0)
            _block = GC.AllocateUninitializedArray<byte>(BlockBytes);
        if (_block.Length - _used < HeaderBytes + line.Length)
            Spill();
        ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_queues, stream, out var waits);
        if (!waits)
        {
            queue = new();
            _order.Add(stream);
        }
        var header = _block.AsSpan(_used);
        BinaryPrimitives.WriteInt32LittleEndian(header, None);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], line.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], number);
        line.CopyTo(header[HeaderBytes..]);
        if (queue!.Last == None)
            queue.First = _used;
        else
            BinaryPrimitives.WriteInt32LittleEndian(_block.AsSpan(queue.Last), _used);
        queue.Last = _used;
        queue.Bytes += line.Length;
        _used += HeaderBytes + line.Length;
        return queue.Bytes >= StreamBytes;
    }

    /// <summary>The stream's lines in their order. It waits no longer; nothing is to be added while they are read.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Line, long Number)> Take(SingerStream stream)
    {
        if (!_queues.Remove(stream, out var queue))
            yield break;

        _order.Remove(stream);
        foreach (var (offset, length) in queue.Spilled)
        {
            var lines = GC.AllocateUninitializedArray<byte>(length);
            RandomAccess.Read(_file!.SafeFileHandle, lines, offset);
            for (var at = 0; at < length;)
                yield return At(lines, ref at);
        }
        for (var next = queue.First; next != None;)
        {
            var at = next;
            next = BinaryPrimitives.ReadInt32LittleEndian(_block.AsSpan(at));
            yield return At(_block, ref at);
        }
        if (_queues.Count > 0)
            yield break;

        (_block, _used) = ([], 0);
        _file?.SetLength(0);
    }

    public void Dispose() => _file?.Dispose();

    private static (ReadOnlyMemory<byte> Line, long Number) At(byte[] lines, ref int at)
    {
        var header = lines.AsSpan(at, HeaderBytes);
        var line = lines.AsMemory(at + HeaderBytes, BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
        at += HeaderBytes + line.Length;
        return (line, BinaryPrimitives.ReadInt64LittleEndian(header[8..]));
    }

    // one stream after the other, so that each is read in one piece
    private void Spill()
    {
        _file ??= OpenFile();
        foreach (var queue in _order.Select(stream => _queues[stream]).Where(queue => queue.First != None))
        {
            var (start, size) = (_file.Position, 0);
            for (var next = queue.First; next != None; next = BinaryPrimitives.ReadInt32LittleEndian(_block.AsSpan(next)))
            {
                var length = HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(_block.AsSpan(next + 4));
                _file.Write(_block, next, length);
                size += length;
            }
            queue.Spilled.Add((start, size));
            (queue.First, queue.Last) = (None, None);
        }
        _file.Flush();
        _used = 0;
    }

    private static FileStream OpenFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dataspoc-waiting-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 1 << 18 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        // its name is gone at once: nothing is left of it, however this process ends
        File.Delete(path);
        return file;
    }

    private sealed class Queue
    {
        public int First { get; set; } = None;

        public int Last { get; set; } = None;

        public long Bytes { get; set; }

        public List<(long Offset, int Length)> Spilled { get; } = [];
    }
}
