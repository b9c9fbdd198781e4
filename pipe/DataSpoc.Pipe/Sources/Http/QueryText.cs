namespace DataSpoc.Pipe.Sources.Http;

/// <summary>Query parameters of addresses.</summary>
internal static class QueryText
{
    /// <summary>The address with a parameter, which takes the place of one of the same name.</summary>
    public static Uri With(Uri address, string name, string value)
    {
        var key = Uri.EscapeDataString(name);
        var kept = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => pair.Split('=')[0] != key);
        return new UriBuilder(address) { Query = string.Join('&', kept.Append($"{key}={Uri.EscapeDataString(value)}")) }.Uri;
    }

    /// <summary>The address as people may see it: without its query, in which credentials may be.</summary>
    public static string Shown(Uri address) => address.GetLeftPart(UriPartial.Path);
}

/// <summary>Whether two addresses belong to the same server (RFC 6454: scheme, host, port).</summary>
internal static class Origin
{
    public static bool IsSame(Uri one, Uri other) => Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
