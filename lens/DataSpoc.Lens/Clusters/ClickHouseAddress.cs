using DataSpoc.Contracts;

namespace DataSpoc.Lens.Clusters;

/// <summary>A ClickHouse server or cluster: <c>clickhouse://[user@]host[:port][/database][?cluster=NAME&amp;collection=NAME]</c>, <c>clickhouses://</c> for TLS.</summary>
/// <param name="Url">Its HTTP interface.</param>
/// <param name="User">Who asks; null is the server's default.</param>
/// <param name="Password">Never shown; null is none.</param>
/// <param name="Database">Where names without database are looked for; null is the user's default.</param>
/// <param name="Cluster">The cluster whose nodes share the files; null reads on the one server.</param>
/// <param name="Collection">The named collection that holds the credentials for the buckets; null are the server's own.</param>
internal sealed record ClickHouseAddress(Uri Url, string? User, string? Password, string? Database, string? Cluster, string? Collection)
{
    private const string Plain = "clickhouse";
    private const string Encrypted = "clickhouses";

    /// <summary>Whether an engine's name is that of a ClickHouse.</summary>
    public static bool Is(string engine) => engine.StartsWith(Plain + "://", StringComparison.Ordinal) || engine.StartsWith(Encrypted + "://", StringComparison.Ordinal);

    /// <summary>Reads the address; the password is <c>CLICKHOUSE_PASSWORD</c>, the user <c>CLICKHOUSE_USER</c> where the address names none.</summary>
    /// <exception cref="UserError">It is no such address, or holds a password (<see cref="ExitCode.Usage"/>).</exception>
    public static ClickHouseAddress Parse(string text, Func<string, string?> variable)
    {
        if (!Is(text) || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.AbsolutePath.Trim('/').Contains('/', StringComparison.Ordinal))
            throw Wrong($"`{(text.Contains('@', StringComparison.Ordinal) ? text[(text.LastIndexOf('@') + 1)..] : text)}` is not the address of a ClickHouse", "write clickhouse://host, clickhouse://user@host:8123/database or clickhouses://host?cluster=NAME");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw Wrong($"the address of `{uri.Host}` holds a password", "leave it out, and set CLICKHOUSE_PASSWORD in the environment");
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            if (option.Split('=') is not [("cluster" or "collection") and var name, { Length: > 0 } value] || !options.TryAdd(name, Uri.UnescapeDataString(value)))
                throw Wrong($"`{option}` is not an option of a ClickHouse address", "there is ?cluster=NAME and ?collection=NAME");
        var encrypted = uri.Scheme == Encrypted;
        var url = new UriBuilder(encrypted ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, uri.Host, uri.Port > 0 ? uri.Port : encrypted ? 8443 : 8123).Uri;
        return new(url, Text(Uri.UnescapeDataString(uri.UserInfo)) ?? Text(variable("CLICKHOUSE_USER")), Text(variable("CLICKHOUSE_PASSWORD")), Text(Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'))),
            options.GetValueOrDefault("cluster"), options.GetValueOrDefault("collection"));
    }

    /// <summary>Whether a password would be readable on the way.</summary>
    public bool ShowsPassword => Password is not null && Url.Scheme != Uri.UriSchemeHttps && !Url.IsLoopback;

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static UserError Wrong(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
