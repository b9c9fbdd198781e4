using System.Net;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts.CommandLine;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace DataSpoc.Lens.Mcp;

/// <summary>The Model Context Protocol over HTTP, in its stateless form: every POST is answered by itself, and nothing is kept between two of them.</summary>
/// <param name="options">The tools.</param>
/// <param name="door">Who may come in.</param>
/// <param name="messages">Told of what goes wrong.</param>
internal sealed class HttpEndpoint(McpServerOptions options, HttpDoor door, Messages messages)
{
    private const int MostBytes = 1 << 20;
    private const int AtOnce = 4;

    /// <summary>Answers until it is cancelled.</summary>
    public async Task ServeAsync(HttpListener listener, CancellationToken cancel)
    {
        using var seats = new SemaphoreSlim(AtOnce);
        var answering = new List<Task>();
        await using var stopped = cancel.Register(listener.Stop);
        while (!cancel.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException && cancel.IsCancellationRequested)
            {
                break;
            }
            answering.RemoveAll(task => task.IsCompleted);
            answering.Add(AnswerAsync(context, seats, cancel));
        }
        await Task.WhenAll(answering);
    }

    private async Task AnswerAsync(HttpListenerContext context, SemaphoreSlim seats, CancellationToken cancel)
    {
        try
        {
            if (door.Refusal(context.Request) is var (status, why))
            {
                Refuse(context.Response, status, why);
                return;
            }
            if (await MessageAsync(context.Request, cancel) is not { } message)
            {
                Refuse(context.Response, HttpStatusCode.BadRequest, "the body is no message of JSON-RPC, or too large");
                return;
            }
            await seats.WaitAsync(cancel);
            try
            {
                await AnswerAsync(message, context.Response, cancel);
            }
            finally
            {
                seats.Release();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            context.Response.Abort();
        }
        catch (Exception error) when (error is HttpListenerException or IOException or ObjectDisposedException)
        {
            // the client has gone away
            messages.Detail($"a client has gone away: {error.Message}");
        }
    }

    private async Task AnswerAsync(JsonRpcMessage message, HttpListenerResponse response, CancellationToken cancel)
    {
        response.ContentType = "text/event-stream";
        response.Headers["Cache-Control"] = "no-cache, no-store";
        response.SendChunked = true;
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, options);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = server.RunAsync(ended.Token);
        if (!await transport.HandlePostRequestAsync(message, response.OutputStream, cancel))
            response.StatusCode = (int)HttpStatusCode.Accepted;
        response.Close();
        await ended.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<JsonRpcMessage?> MessageAsync(HttpListenerRequest request, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = await request.InputStream.ReadAsync(buffer, cancel)) > 0;)
        {
            if (body.Length + read > MostBytes)
                return null;
            body.Write(buffer, 0, read);
        }
        try
        {
            return JsonSerializer.Deserialize<JsonRpcMessage>(body.ToArray(), McpJsonUtilities.DefaultOptions);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Refuse(HttpListenerResponse response, HttpStatusCode status, string why)
    {
        response.StatusCode = (int)status;
        if (status == HttpStatusCode.Unauthorized)
            response.Headers["WWW-Authenticate"] = "Bearer";
        if (status == HttpStatusCode.MethodNotAllowed)
            response.Headers["Allow"] = "POST";
        response.ContentType = "text/plain; charset=utf-8";
        response.Close(Encoding.UTF8.GetBytes(why + "\n"), willBlock: false);
    }
}
