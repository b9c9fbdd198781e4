using System.Net;
using System.Net.Sockets;

namespace Platform.Tests.Provisioning;

/// <summary>Passes requests that a listener got on to a server, as they are, and the answers back.</summary>
internal sealed class HttpForwarding(string server) : IDisposable
{
    private static readonly string[] NotPassedOn = ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Expect", "Date", "Server"];

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    /// <summary>Begins to listen on a free port of this machine.</summary>
    public static string Listen(HttpListener listener)
    {
        while (true)
        {
            int port;
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                port = ((IPEndPoint)free.LocalEndpoint).Port;
            }
            try
            {
                listener.Prefixes.Clear();
                listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                listener.Start();
                return $"http://127.0.0.1:{port}";
            }
            catch (HttpListenerException)
            {
                // somebody took the port in between
            }
        }
    }

    public async Task PassOnAsync(HttpListenerContext context, byte[] body)
    {
        using var request = new HttpRequestMessage(new(context.Request.HttpMethod), server + context.Request.RawUrl);
        if (body.Length > 0 || context.Request.HttpMethod is "PUT" or "POST")
            request.Content = new ByteArrayContent(body);
        foreach (var name in context.Request.Headers.AllKeys.OfType<string>().Except(NotPassedOn, StringComparer.OrdinalIgnoreCase))
            if (!request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]))
                request.Content?.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]);
        // it is part of what was signed
        request.Headers.Host = context.Request.Headers["Host"];
        using var answer = await _client.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(static header => !NotPassedOn.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            context.Response.Headers[name] = string.Join(", ", values);
        var content = await answer.Content.ReadAsByteArrayAsync();
        context.Response.ContentLength64 = content.Length;
        await context.Response.OutputStream.WriteAsync(content);
        context.Response.Close();
    }

    public void Dispose() => _client.Dispose();
}
