namespace DataSpoc.Contracts.Storage;

/// <summary>
/// Where a bucket is: <c>file:///data/lake</c> or <c>s3://company-bronze</c>, optionally with a prefix (<c>s3://company/lake</c>).
/// </summary>
/// <param name="Scheme"><c>file</c> or <c>s3</c>.</param>
/// <param name="Name">The S3 bucket's name; empty for <c>file</c>.</param>
/// <param name="Path">For <c>file</c> the absolute folder; for <c>s3</c> the key prefix without slashes at its ends, often empty.</param>
public sealed record BucketUri(string Scheme, string Name, string Path)
{
    /// <summary>Reads a bucket's URI. A bare path means a folder of this machine.</summary>
    /// <exception cref="UserError">Not a URI of a supported scheme (<see cref="ExitCode.Usage"/>).</exception>
    public static BucketUri Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Wrong(text, "an empty bucket name");
        if (text.StartsWith("s3://", StringComparison.Ordinal))
        {
            var rest = text["s3://".Length..].Trim('/');
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            var name = slash < 0 ? rest : rest[..slash];
            if (name.Length == 0)
                throw Wrong(text, $"`{text}` names no bucket");
            return new("s3", name, slash < 0 ? "" : rest[(slash + 1)..].Trim('/'));
        }
        if (text.StartsWith("file://", StringComparison.Ordinal))
        {
            var path = text["file://".Length..];
            if (!path.StartsWith('/'))
                throw Wrong(text, $"`{text}` is not an absolute path");
            return new("file", "", Normal(path));
        }
        if (text.Contains("://", StringComparison.Ordinal))
            throw Wrong(text, $"`{text}` has a scheme that is not supported");
        return new("file", "", Normal(text));
    }

    /// <inheritdoc/>
    public override string ToString() => Scheme == "file" ? $"file://{Path}" : Path.Length == 0 ? $"s3://{Name}" : $"s3://{Name}/{Path}";

    private static string Normal(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }

    private static UserError Wrong(string text, string what) => new(what)
    {
        Where = [("bucket", text)],
        Hint = "write file:///absolute/folder, s3://bucket or s3://bucket/prefix",
        ExitCode = ExitCode.Usage,
    };
}
