using System.Net;
using System.Net.Sockets;

namespace Platform.Tests.Provisioning;

/// <summary>Stands between a program and the S3 server, passes everything on, and is told of each call that changes something before it is passed on.</summary>
internal sealed class CountingProxy : IDisposable
{
    private static readonly string[] NotPassedOn = ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Expect", "Date", "Server"];

    private readonly HttpListener _listener = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly string _server;
    private readonly Func<int, bool> _changes;
    private readonly Func<string, S3Refusal?> _refuses;
    private readonly Task _serving;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <param name="server">The real server.</param>
    /// <param name="changes">Whether the n-th call that changes something, counted from 1, is passed on; else it is dropped without an answer.</param>
    /// <param name="refuses">What is answered to a call, by its method and path with query, without passing it on; null passes it on.</param>
    public CountingProxy(string server, Func<int, bool> changes, Func<string, S3Refusal?>? refuses = null)
    {
        (_server, _changes, _refuses) = (server, changes, refuses ?? (static _ => null));
        Endpoint = Listen();
        _serving = Task.Run(ServeAsync);
    }

    public string Endpoint { get; }

    /// <summary>The calls that changed something: method and path with query.</summary>
    public List<string> Changes { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
        _client.Dispose();
    }

    private string Listen()
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
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                _listener.Start();
                return $"http://127.0.0.1:{port}";
            }
            catch (HttpListenerException)
            {
                // somebody took the port in between
            }
        }
    }

    private async Task ServeAsync()
    {
        // one after the other, so that nothing changes after a call that was dropped
        while (_listener.IsListening)
        {
            try
            {
                await PassOnAsync(await _listener.GetContextAsync());
            }
            catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
            {
                // the program was killed, or the test is over
            }
        }
    }

    private async Task PassOnAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        if (context.Request.HttpMethod is "PUT" or "POST" or "DELETE")
        {
            if (!_changes(++_count))
            {
                context.Response.Abort();
                return;
            }
            Changes.Add($"{context.Request.HttpMethod} {context.Request.RawUrl}");
        }
        if (_refuses($"{context.Request.HttpMethod} {context.Request.RawUrl}") is { } refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.ContentType = "application/xml";
            await using (var writer = new StreamWriter(context.Response.OutputStream))
                await writer.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{refusal.Code}</Code><Message>{refusal.Message}</Message></Error>");
            context.Response.Close();
            return;
        }
        using var request = new HttpRequestMessage(new(context.Request.HttpMethod), _server + context.Request.RawUrl);
        if (body.Length > 0 || context.Request.HttpMethod == "PUT")
            request.Content = new ByteArrayContent(body.ToArray());
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
}

/// <summary>An error as S3 answers it.</summary>
internal sealed record S3Refusal(int Status, string Code, string Message);
