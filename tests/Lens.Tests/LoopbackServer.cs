using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Lens.Tests;

/// <summary>A web server on this machine that answers as a test says.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Func<LoopbackRequest, (int Status, string Body)> _answer;
    private readonly Task _serving;

    public LoopbackServer(Func<LoopbackRequest, (int Status, string Body)> answer)
    {
        _answer = answer;
        (_listener, Url) = Listen();
        _serving = ServeAsync();
    }

    /// <summary>Without a slash at its end.</summary>
    public string Url { get; }

    /// <summary>What was asked, in order.</summary>
    public List<LoopbackRequest> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        // not after Stop: each of both gives the port back, and it may be another server's by then
        _listener.Close();
        await _serving;
    }

    // a port by chance, below those that the system gives to clients; one that is taken is left for another
    private static (HttpListener Listener, string Url) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            var url = $"http://127.0.0.1:{RandomNumberGenerator.GetInt32(10_000, 30_000)}";
            var listener = new HttpListener { Prefixes = { url + "/" } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // taken by another
            }
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var request = new LoopbackRequest(context.Request.RawUrl!, context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
            Requests.Add(request);
            var (status, body) = _answer(request);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }
}

/// <summary>What a server was asked.</summary>
/// <param name="Path">With its query.</param>
/// <param name="Headers">By name, without regard to case.</param>
/// <param name="Body">As text.</param>
internal sealed record LoopbackRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
