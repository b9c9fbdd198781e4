using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DataSpoc.Contracts;
using Polly;

namespace DataSpoc.Pipe.Sources.Http;

/// <summary>
/// Asks a JSON API. Redirects are followed here: credentials and headers of the pipeline go to the host that it names and to no other. An answer is held in one
/// buffer of limited size, which the next one takes over.
/// </summary>
internal sealed class ApiClient : IDisposable
{
    private const int MostRedirects = 5;
    private const int ShownOfBody = 200;

    private readonly HttpSettings settings;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly ResiliencePipeline<HttpResponseMessage> retry;
    private readonly RequestRate rate;
    private byte[] buffer = new byte[1 << 16];

    public ApiClient(HttpSettings settings, TimeProvider time, Action<string>? log)
    {
        (this.settings, this.time) = (settings, time);
        Base = BaseOf(settings.Url);
        http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        retry = ApiRetry.Pipeline(settings, time, log);
        rate = new(settings.RequestsPerSecond, time);
    }

    /// <summary>Where the paths of streams start.</summary>
    public Uri Base { get; }

    /// <summary>One page.</summary>
    /// <exception cref="UserError">It cannot be had, is too large, or is not JSON by its own account.</exception>
    public async Task<Page> GetAsync(Uri address, string stream, CancellationToken cancel)
    {
        try
        {
            using var answer = await retry.ExecuteAsync(async token => await SendAsync(address, token), cancel);
            var length = await ReadAsync(answer, address, stream, cancel);
            var body = buffer.AsMemory(0, length);
            if (!answer.IsSuccessStatusCode)
                throw Refused(answer, address, stream, body.Span);
            if (answer.Content.Headers.ContentType?.MediaType is { } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase) && type is not ("text/plain" or "application/octet-stream"))
                throw Wrong($"`{stream}` is not JSON: the API answered {type}", address, stream, body.Span, "check the path; an API that wants a login often answers with a page for people");
            return new(answer.RequestMessage!.RequestUri!, body, answer.Headers.TryGetValues("Link", out var links) ? Page.NextOf(links) : null);
        }
        catch (Exception error) when (error is HttpRequestException or TimeoutException or IOException)
        {
            throw new UserError($"`{stream}` cannot be read: {(error is TimeoutException ? $"no answer within {settings.Timeout.TotalSeconds:0.###} s" : "the API cannot be reached")}", error)
            {
                Where = [("stream", stream), ("address", QueryText.Shown(address)), ("reason", error.Message)],
            };
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            for (var hops = 0; ; hops++)
            {
                await rate.WaitAsync(cancel);
                var answer = await http.SendAsync(Request(address), HttpCompletionOption.ResponseHeadersRead, either.Token);
                if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location || hops == MostRedirects)
                    return answer;
                var next = new Uri(address, location);
                answer.Dispose();
                if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                    throw new HttpRequestException($"{QueryText.Shown(address)} redirects to an address without encryption");
                address = next;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{QueryText.Shown(address)} did not answer within {settings.Timeout}");
        }
    }

    private HttpRequestMessage Request(Uri address)
    {
        var own = Origin.IsSame(address, Base);
        if (own && settings.Auth?.Query is { } query)
            address = QueryText.With(address, query.Name, query.Value);
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("dataspoc-pipe");
        if (!own)
            return request;

        foreach (var (name, value) in settings.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (settings.Auth is { Header: { } header })
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        else if (settings.Auth is { Bearer: { } token })
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        else if (settings.Auth is { Basic: { } basic })
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.User}:{basic.Password}")));
        return request;
    }

    /// <summary>Reads the answer into the buffer; its length.</summary>
    private async Task<int> ReadAsync(HttpResponseMessage answer, Uri address, string stream, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                    Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, settings.MaxBody.Bytes + 1));
                var read = await body.ReadAsync(buffer.AsMemory(length), either.Token);
                length += read;
                if (length > settings.MaxBody.Bytes)
                    throw Wrong($"an answer of `{stream}` is larger than {settings.MaxBody.Bytes:N0} bytes", address, stream, default, "ask for smaller pages (`pagination.size`), or allow more with `max_body`");
                if (read == 0)
                    return length;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"{QueryText.Shown(address)} did not end its answer within {settings.Timeout}");
        }
    }

    private UserError Refused(HttpResponseMessage answer, Uri address, string stream, ReadOnlySpan<byte> body) =>
        Wrong($"`{stream}` cannot be read: the API answered {(int)answer.StatusCode} {answer.ReasonPhrase}", address, stream, body, answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "check `auth` of the source, and what the token may do",
            HttpStatusCode.NotFound => "check `url` and the stream's `path`",
            HttpStatusCode.TooManyRequests when ApiRetry.PauseOf(answer, time) is { } pause => $"the API asks for a pause of {pause.TotalSeconds:0} s; set `requests_per_second`",
            HttpStatusCode.TooManyRequests => "set `requests_per_second`",
            _ => null,
        });

    private UserError Wrong(string what, Uri address, string stream, ReadOnlySpan<byte> body, string? hint)
    {
        var where = new List<(string, string)> { ("stream", stream), ("address", QueryText.Shown(address)) };
        if (!body.IsEmpty)
            where.Add(("answer", Masked(string.Concat(Encoding.UTF8.GetString(body[..Math.Min(body.Length, ShownOfBody)]).Select(c => char.IsControl(c) ? ' ' : c)))));
        return new(what) { Where = where, Hint = hint };
    }

    /// <summary>An API may repeat what it was sent.</summary>
    private string Masked(string text)
    {
        string?[] secrets = [settings.Auth?.Bearer, settings.Auth?.Basic?.Password, settings.Auth?.Header?.Value, settings.Auth?.Query?.Value, .. settings.Headers.Values];
        foreach (var secret in secrets.OfType<string>().Where(secret => secret.Length >= 4))
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    private static Uri BaseOf(string url) => Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new UserError($"`{url}` is not the address of an API") { Hint = "write `url: https://api.example.com/v1`", ExitCode = ExitCode.Usage };
}
