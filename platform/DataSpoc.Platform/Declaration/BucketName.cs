using System.Net;

namespace DataSpoc.Platform.Declaration;

/// <summary>What S3 takes as a bucket's name (AWS, "General purpose bucket naming rules").</summary>
internal static class BucketName
{
    private static readonly string[] ReservedStarts = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] ReservedEnds = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    /// <summary>What is wrong with it, as it follows the name, or null.</summary>
    public static string? Wrong(string name)
    {
        if (name.Contains("://", StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
            return "names a place inside a bucket or its address; a permission boundary is one whole bucket";
        if (name.AsSpan().ContainsAny('*', '?'))
            return "has a wildcard; name each bucket";
        if (name.Length is < 3 or > 63)
            return $"has {name.Length} characters; S3 takes 3 to 63";
        if (!name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            return "has other characters than lower-case letters, digits, `-` and `.`";
        if (!char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
            return "does not begin and end with a letter or digit";
        if (name.Contains("..", StringComparison.Ordinal) || name.Contains("-.", StringComparison.Ordinal) || name.Contains(".-", StringComparison.Ordinal))
            return "has a `.` beside a `.` or a `-`";
        if (name.Count(static c => c == '.') == 3 && IPAddress.TryParse(name, out _))
            return "looks like an IP address";
        return ReservedStarts.Any(start => name.StartsWith(start, StringComparison.Ordinal)) || ReservedEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal)) ? "is of a form that S3 reserves" : null;
    }
}
