using System.Buffers;
using DataSpoc.Contracts.Storage;

namespace DataSpoc.Contracts.DuckDb.Cache;

/// <summary>The local copy of an object, or of parts of it: a sparse file of the object's size. Bytes that were not copied are zeros.</summary>
/// <param name="store">The bucket.</param>
/// <param name="file">The object.</param>
/// <param name="path">The sparse file.</param>
internal sealed class CachedObject(IObjectStore store, ContentObject file, string path)
{
    /// <summary>Bytes of one request at most.</summary>
    public const int PieceBytes = 8 << 20;

    // a request costs more than these
    private const int Gap = 16 << 10;
    private readonly RangeJournal _journal = new(path + ".ranges");
    private readonly Lock _lock = new();
    private readonly HashSet<CopiedPiece> _damaged = [];
    private List<CopiedPiece>? _pieces;
    private List<ByteRange> _verified = [];

    public string Path => path;

    public long Size => file.Size;

    /// <summary>
    /// The pieces of wanted ranges that have to be fetched. What is there is read and compared with its checksum first, once per process: what is damaged counts as missing.
    /// </summary>
    public IReadOnlyList<ByteRange> Missing(IEnumerable<ByteRange> ranges)
    {
        var wanted = ByteRange.Merge(ranges.Where(range => range.Length > 0).Select(Inside), Gap);
        lock (_lock)
        {
            Prepare();
            foreach (var piece in _pieces!.Where(piece => wanted.Any(range => range.Offset < piece.Range.End && piece.Range.Offset < range.End)).ToArray())
                if (ByteRange.Without([piece.Range], _verified).Count > 0 && !_damaged.Contains(piece) && (IsWhole(piece) || !_damaged.Add(piece)))
                    _verified = [.. ByteRange.Merge(_verified.Append(piece.Range))];
            return [.. ByteRange.Without(wanted, _verified).SelectMany(range => range.Pieces(PieceBytes))];
        }
    }

    /// <summary>Copies a piece.</summary>
    /// <exception cref="UserError">The object is gone, has changed, is shorter than said, or may not be read.</exception>
    public async Task FetchAsync(ByteRange piece, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)piece.Length);
        try
        {
            var bytes = buffer.AsMemory(0, (int)piece.Length);
            if (await store.ReadAsync(file.Key, piece.Offset, bytes, file.ETag, cancel) != bytes.Length)
                throw new UserError($"`{file.Key}` is shorter than the table's log says") { Where = [("bucket", store.Bucket.ToString())] };
            using (var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
                RandomAccess.Write(handle, bytes.Span, piece.Offset);
            var copied = new CopiedPiece(piece, RangeJournal.Checksum(bytes.Span));
            lock (_lock)
            {
                _journal.Append(copied);
                _pieces!.Add(copied);
                _verified = [.. ByteRange.Merge(_verified.Append(piece))];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Bytes of the copy; the caller knows that they are there.</summary>
    public byte[] Read(ByteRange range)
    {
        var bytes = new byte[range.Length];
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Read(handle, bytes, range.Offset);
        return bytes;
    }

    private ByteRange Inside(ByteRange range)
    {
        var offset = Math.Clamp(range.Offset, 0, file.Size);
        return new(offset, Math.Min(range.End, file.Size) - offset);
    }

    private void Prepare()
    {
        if (_pieces is not null)
            return;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using (var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
            if (RandomAccess.GetLength(handle) != file.Size)
                RandomAccess.SetLength(handle, file.Size);
        // the copies used longest ago go first
        File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
        _pieces = [.. _journal.Read().Where(piece => piece.Range.Offset >= 0 && piece.Range.End <= file.Size && piece.Range.Length <= PieceBytes)];
    }

    private bool IsWhole(CopiedPiece piece) => RangeJournal.Checksum(Read(piece.Range)) == piece.Checksum;
}

/// <summary>An object to copy.</summary>
/// <param name="Key">Relative to the bucket's root.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">What its content must still have; null for an object that is never rewritten.</param>
internal readonly record struct ContentObject(string Key, long Size, string? ETag);
