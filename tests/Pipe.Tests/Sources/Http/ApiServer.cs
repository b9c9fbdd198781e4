using System.Net;
using System.Text;

namespace Pipe.Tests.Sources.Http;

/// <summary>A web server on this machine that answers as a test says.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly HttpListener listener;
    private readonly Func<HttpListenerRequest, Answer> answer;
    private readonly Task serving;

    public ApiServer(Func<HttpListenerRequest, Answer> answer)
    {
        this.answer = answer;
        (listener, Url) = Listen();
        serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Path and query of each request, in order.</summary>
    public List<string> Requests { get; } = [];

    public List<Dictionary<string, string?>> Headers { get; } = [];

    public async ValueTask DisposeAsync()
    {
        // not after Stop: each of both gives the port back, and it may be another server's by then
        listener.Close();
        await serving;
    }

    /// <summary>A port by chance; one that is taken is left for another.</summary>
    private static (HttpListener Listener, string Url) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            // below the ports that the system gives to clients
            var url = $"http://127.0.0.1:{System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000, 30_000)}";
            var listener = new HttpListener { Prefixes = { url + "/" } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // taken by another
                continue;
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
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Requests.Add(context.Request.RawUrl!);
            Headers.Add(context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]));
            try
            {
                await AnswerAsync(context, answer(context.Request));
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // the client has gone away
                continue;
            }
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context, Answer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.Type;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        for (var i = 0; i < answer.Times; i++)
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
        response.Close();
    }
}

/// <summary>What the server says.</summary>
internal sealed record Answer(string Body, int Status = 200)
{
    public string Type { get; init; } = "application/json; charset=utf-8";

    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>How often the body is sent, one after the other.</summary>
    public int Times { get; init; } = 1;
}
