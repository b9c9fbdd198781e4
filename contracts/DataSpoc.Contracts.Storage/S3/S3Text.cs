using System.Runtime.InteropServices;

namespace DataSpoc.Contracts.Storage.S3;

/// <summary>How S3 writes what the contract knows in one form.</summary>
internal static class S3Text
{
    /// <summary>Without the quotes that some answers have.</summary>
    public static string ETag(string? etag) => etag?.Trim('"') ?? "";

    public static DateTimeOffset Utc(DateTime? time) => time switch
    {
        null => DateTimeOffset.UnixEpoch,
        { Kind: DateTimeKind.Unspecified } bare => new(bare, TimeSpan.Zero),
        { } stamped => new DateTimeOffset(stamped).ToUniversalTime(),
    };

    /// <summary>The bytes as a stream, without a copy where they are an array.</summary>
    public static MemoryStream Stream(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var array)
            ? new(array.Array!, array.Offset, array.Count, writable: false)
            : new(content.ToArray(), writable: false);
}
