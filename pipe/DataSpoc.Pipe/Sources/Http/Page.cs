namespace DataSpoc.Pipe.Sources.Http;

/// <summary>An answer.</summary>
/// <param name="Address">Where it came from in the end.</param>
/// <param name="Body">Its bytes, uncompressed; valid until the next request.</param>
/// <param name="NextLink">The target of <c>Link: …; rel="next"</c>, or null.</param>
internal sealed record Page(Uri Address, ReadOnlyMemory<byte> Body, string? NextLink)
{
    /// <summary>The target of the link with the relation <c>next</c> (RFC 8288), or null.</summary>
    public static string? NextOf(IEnumerable<string> headers)
    {
        foreach (var link in headers.SelectMany(header => header.Split(", <", StringSplitOptions.TrimEntries)).Select(link => link.TrimStart('<')))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (end < 0)
                continue;
            foreach (var parameter in link[(end + 1)..].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                if (parameter.Split('=', 2, StringSplitOptions.TrimEntries) is ["rel", var relation] && relation.Trim('"').Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase))
                    return link[..end];
        }

        return null;
    }
}
