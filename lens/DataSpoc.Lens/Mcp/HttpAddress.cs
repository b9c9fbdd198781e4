using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using DataSpoc.Contracts;

namespace DataSpoc.Lens.Mcp;

/// <summary>Where <c>lens mcp --http</c> listens: <c>8765</c>, or <c>0.0.0.0:8765</c> for other machines too. Port 0 is one that is free.</summary>
/// <param name="Host">As it was written; <c>127.0.0.1</c> where only a port was.</param>
/// <param name="Port">From 0 to 65535.</param>
internal sealed record HttpAddress(string Host, int Port)
{
    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <exception cref="UserError">It is no port, or no address of this machine (<see cref="ExitCode.Usage"/>).</exception>
    public static HttpAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "127.0.0.1" : text[..colon];
        if (int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort && (host == "localhost" || IPAddress.TryParse(host, out _)))
            return new(host, port);
        throw new UserError($"`--http {text}` is not where a server can listen") { Hint = "write a port, `--http 8765`, or an address of this machine, `--http 0.0.0.0:8765`", ExitCode = ExitCode.Usage };
    }

    /// <summary>Begins to listen. On this machine alone, requests that name another host are none of ours: a page that had its name rebound cannot reach us.</summary>
    /// <exception cref="UserError">The port is taken, or may not be used.</exception>
    public (HttpListener Listener, int Port) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Port == 0 ? RandomNumberGenerator.GetInt32(10_000, 30_000) : Port;
            var listener = new HttpListener();
            foreach (var host in IsLoopback ? (string[])["127.0.0.1", "localhost"] : [IPAddress.TryParse(Host, out var any) && any.Equals(IPAddress.Any) ? "+" : Host])
                listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}/"));
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (Port == 0 && attempt < 20)
            {
                // taken by another
                listener.Close();
            }
            catch (HttpListenerException error)
            {
                throw new UserError($"nothing can listen on {Host}:{port.ToString(CultureInfo.InvariantCulture)}: {error.Message}", error) { Hint = "take another port; `--http 0` finds a free one" };
            }
        }
    }
}
