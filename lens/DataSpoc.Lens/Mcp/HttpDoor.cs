using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace DataSpoc.Lens.Mcp;

/// <summary>Who may come in over HTTP (Model Context Protocol, "Streamable HTTP", Security Warning): who has the token, and no page of another site.</summary>
/// <param name="token">The token; never shown.</param>
/// <param name="origins">Sites whose pages may ask, besides those of this machine.</param>
internal sealed class HttpDoor(string token, IReadOnlyList<string> origins)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    /// <summary>Why a request is refused; null where it may come in.</summary>
    public (HttpStatusCode Status, string Why)? Refusal(HttpListenerRequest request)
    {
        if (request.Headers["Origin"] is { } origin && !IsKnown(origin))
            return (HttpStatusCode.Forbidden, "pages of this site may not ask");
        var given = request.Headers["Authorization"] ?? "";
        if (!given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[Scheme.Length..].Trim()), _token))
            return (HttpStatusCode.Unauthorized, "the token is missing or wrong: send it as `Authorization: Bearer …`");
        if (request.Url?.AbsolutePath.TrimEnd('/') != "/mcp")
            return (HttpStatusCode.NotFound, "the endpoint is /mcp");
        // nothing is sent unasked, and there are no sessions to end
        if (request.HttpMethod != "POST")
            return (HttpStatusCode.MethodNotAllowed, "the endpoint takes POST");
        if (request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
            return (HttpStatusCode.UnsupportedMediaType, "a message is application/json");
        var accepted = string.Join(',', request.AcceptTypes ?? []);
        return accepted.Contains("application/json", StringComparison.OrdinalIgnoreCase) && accepted.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
            ? null
            : (HttpStatusCode.NotAcceptable, "a client accepts application/json and text/event-stream");
    }

    private bool IsKnown(string origin) => origins.Contains(origin, StringComparer.OrdinalIgnoreCase) || (Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.IsLoopback && site.Scheme is "http" or "https");
}
