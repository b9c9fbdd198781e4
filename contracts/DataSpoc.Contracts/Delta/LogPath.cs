using System.Buffers;
using System.Text;

namespace DataSpoc.Contracts.Delta;

/// <summary>Paths of data files as the log spells them: relative, each segment URI-encoded (Delta protocol, "Add File"; RFC 2396).</summary>
public static class LogPath
{
    // what RFC 3986 allows in a path segment without escape; '%' and whatever a URI reader could take for a scheme, query or fragment is escaped
    private static readonly SearchValues<byte> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=@/"u8);

    /// <summary>Encodes a relative path: UTF-8, every byte that is not plain in a URI path as <c>%XX</c>.</summary>
    public static string Encode(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.AsSpan().IndexOfAnyExcept(Plain) < 0)
            return path;
        var encoded = new StringBuilder(path.Length + 16);
        foreach (var b in bytes)
            if (Plain.Contains(b))
                encoded.Append((char)b);
            else
                encoded.Append('%').Append(Convert.ToHexString([b]));
        return encoded.ToString();
    }

    /// <summary>Decodes a path of the log.</summary>
    public static string Decode(string encoded) => encoded.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(encoded) : encoded;

    /// <summary>Whether a decoded path stays in the table's folder: relative, without scheme, without <c>.</c> and <c>..</c> as segment.</summary>
    public static bool IsInside(string path)
    {
        if (path.Length == 0 || path[0] == '/' || path.Contains('\\', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal))
            return false;
        // a scheme, as in `s3://bucket/file` and `file:/folder/file`
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && colon + 1 < path.Length && path[colon + 1] == '/')
            return false;
        foreach (var segment in path.Split('/'))
            if (segment is "" or "." or "..")
                return false;
        return true;
    }
}
