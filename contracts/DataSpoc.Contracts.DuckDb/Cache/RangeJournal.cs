using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.DuckDb.Cache;

/// <summary>A piece of an object that was copied.</summary>
/// <param name="Range">Which bytes.</param>
/// <param name="Checksum">Of these bytes, CRC-32C.</param>
internal readonly record struct CopiedPiece(ByteRange Range, uint Checksum);

/// <summary>
/// Which pieces of a sparse file hold bytes of the object, beside it in a file of its own. Records are appended after the bytes were written, each with a checksum of
/// itself: what a crash left half-written counts as not there. Several processes may append at once.
/// </summary>
/// <param name="path">The journal's file.</param>
internal sealed class RangeJournal(string path)
{
    private const int RecordBytes = 24;

    /// <summary>The pieces, in the order in which they were copied; none where there is no journal.</summary>
    public IReadOnlyList<CopiedPiece> Read()
    {
        if (!File.Exists(path))
            return [];
        var bytes = File.ReadAllBytes(path);
        var pieces = new List<CopiedPiece>();
        for (var at = 0; at + RecordBytes <= bytes.Length; at += RecordBytes)
        {
            var record = bytes.AsSpan(at, RecordBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record[20..]) == Checksum(record[..20]) && BinaryPrimitives.ReadInt64LittleEndian(record[8..]) is > 0 and var length)
                pieces.Add(new(new(BinaryPrimitives.ReadInt64LittleEndian(record), length), BinaryPrimitives.ReadUInt32LittleEndian(record[16..])));
        }
        return pieces;
    }

    /// <summary>Says that a piece is there.</summary>
    public void Append(CopiedPiece piece)
    {
        Span<byte> record = stackalloc byte[RecordBytes];
        BinaryPrimitives.WriteInt64LittleEndian(record, piece.Range.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], piece.Range.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], piece.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(record[20..], Checksum(record[..20]));
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Write(record);
    }

    /// <summary>CRC-32C.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
