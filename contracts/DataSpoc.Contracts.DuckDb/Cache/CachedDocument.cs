using System.Buffers.Binary;

namespace DataSpoc.Contracts.DuckDb.Cache;

/// <summary>The local copy of a small object: its checksum (CRC-32C, little-endian), then its bytes. Written whole or not at all.</summary>
/// <param name="path">The file.</param>
internal sealed class CachedDocument(string path)
{
    private const int Head = sizeof(uint);

    /// <summary>The object's bytes, or null where there is no copy or it is damaged.</summary>
    public ReadOnlyMemory<byte>? Read()
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length < Head || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != RangeJournal.Checksum(bytes.AsSpan(Head)))
                return null;
            // the copies used longest ago go first
            File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
            return bytes.AsMemory(Head);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a copy. Where there is no room or no right to, the object is read from the bucket again.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        var temporary = Path.ChangeExtension(path, $"{Guid.NewGuid():N}{Path.GetExtension(path)}");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Span<byte> head = stackalloc byte[Head];
            BinaryPrimitives.WriteUInt32LittleEndian(head, RangeJournal.Checksum(bytes));
            using (var file = File.Create(temporary))
            {
                file.Write(head);
                file.Write(bytes);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
        }
    }
}
