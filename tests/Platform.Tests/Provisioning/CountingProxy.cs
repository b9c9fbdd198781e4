using System.Net;

namespace Platform.Tests.Provisioning;

/// <summary>Stands between a program and the S3 server, passes everything on, and is told of each call that changes something before it is passed on.</summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpForwarding _forwarding;
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
        (_forwarding, _changes, _refuses) = (new(server), changes, refuses ?? (static _ => null));
        Endpoint = HttpForwarding.Listen(_listener);
        _serving = Task.Run(ServeAsync);
    }

    public string Endpoint { get; }

    /// <summary>The calls that changed something: method and path with query.</summary>
    public List<string> Changes { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
        _forwarding.Dispose();
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
            context.Response.ContentType = refusal.Json ? "application/json" : "application/xml";
            await using (var writer = new StreamWriter(context.Response.OutputStream))
                await writer.WriteAsync(refusal.Text);
            context.Response.Close();
            return;
        }
        await _forwarding.PassOnAsync(context, body.ToArray());
    }
}

/// <summary>An error as S3 answers it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Code">Its code.</param>
/// <param name="Message">What it says.</param>
/// <param name="Json">Whether as MinIO's admin API writes it.</param>
internal sealed record S3Refusal(int Status, string Code, string Message, bool Json = false)
{
    public string Text => Json ? $$"""{"Code":"{{Code}}","Message":"{{Message}}"}""" : $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{Code}</Code><Message>{Message}</Message></Error>";
}
