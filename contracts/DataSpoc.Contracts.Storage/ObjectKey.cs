using System.Buffers;
using System.Text;

namespace DataSpoc.Contracts.Storage;

/// <summary>
/// Which texts are keys. Keys also come from files that others wrote (a log entry names a data file), so every store checks
/// them the same way before it touches anything: no key can leave its bucket, on any store.
/// </summary>
internal static class ObjectKey
{
    /// <summary>S3's limit, in bytes of UTF-8.</summary>
    private const int MaxBytes = 1024;

    /// <summary>What a file system takes between two slashes, in bytes of UTF-8.</summary>
    private const int MaxSegmentBytes = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '\x7f', '\\']);

    /// <summary>Whether the text is a key: segments between single slashes, none of them <c>.</c> or <c>..</c>,
    /// no control character, no backslash, at most 1024 bytes.</summary>
    public static bool IsValid(string key) => Objection(key, isPrefix: false) is null;

    /// <summary>Passes a key through.</summary>
    /// <exception cref="UserError">The text is no key.</exception>
    public static string Checked(string key, BucketUri bucket) =>
        Objection(key, isPrefix: false) is { } why ? throw Refused("key", key, why, bucket) : key;

    /// <summary>Passes a prefix through: empty, or the beginning of a key, with or without a slash at its end.</summary>
    /// <exception cref="UserError">No key can begin like that.</exception>
    public static string CheckedPrefix(string prefix, BucketUri bucket) =>
        Objection(prefix, isPrefix: true) is { } why ? throw Refused("prefix", prefix, why, bucket) : prefix;

    /// <summary>The folder part with its slash, or an empty text for a key without one.</summary>
    public static string FolderOf(string key) => key[..(key.LastIndexOf('/') + 1)];

    private static string? Objection(string key, bool isPrefix)
    {
        if (key.Length == 0)
            return isPrefix ? null : "it is empty";
        if (key.AsSpan().IndexOfAny(Forbidden) >= 0)
            return "it holds a backslash or a control character";
        if (!IsWellFormed(key))
            return "it is not well-formed Unicode";
        if (Encoding.UTF8.GetByteCount(key) > MaxBytes)
            return $"it is longer than {MaxBytes} bytes";
        var text = isPrefix && key[^1] == '/' ? key.AsSpan(0, key.Length - 1) : key;
        foreach (var range in text.Split('/'))
        {
            var segment = text[range];
            if (segment.IsEmpty)
                return "it has an empty segment, or a slash at its beginning or end";
            if (segment is "." or "..")
                return $"`{segment}` would leave its folder";
            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
                return $"a segment is longer than {MaxSegmentBytes} bytes";
        }
        return null;
    }

    private static bool IsWellFormed(string text)
    {
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != OperationStatus.Done)
                return false;
            rest = rest[used..];
        }
        return true;
    }

    private static UserError Refused(string noun, string text, string why, BucketUri bucket) =>
        new($"`{Printable(text)}` cannot be a {noun} of a bucket: {why}")
        {
            Where = [("bucket", bucket.ToString()), (noun, Printable(text))],
        };

    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()));
}
