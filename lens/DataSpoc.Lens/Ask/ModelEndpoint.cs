using System.Net;
using System.Text;
using System.Text.Json;
using DataSpoc.Contracts;

namespace DataSpoc.Lens.Ask;

/// <summary>A language model behind HTTP. What is sent goes to its address and to no other: redirects are not followed.</summary>
internal sealed class ModelEndpoint : IDisposable
{
    private const int MostBytes = 4 << 20;
    private const int ShownOfAnswer = 300;
    private readonly ModelAddress _address;
    private readonly HttpClient _http;

    public ModelEndpoint(ModelAddress address)
    {
        _address = address;
        // a proxy knows nothing of this machine
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !address.IsLocal, AutomaticDecompression = DecompressionMethods.All })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="UserError">Nothing answers, or not with a text.</exception>
    public async Task<string> AnswerAsync(IReadOnlyList<ChatTurn> turns, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_address.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address.Url)
            {
                Content = new StringContent(ModelDialect.Request(_address.Provider, _address.Model, turns).ToJsonString(), Encoding.UTF8, "application/json"),
            };
            foreach (var (name, value) in ModelDialect.Headers(_address))
                if (!request.Headers.TryAddWithoutValidation(name, value) || value.Any(char.IsControl))
                    throw new UserError("the key of the model is not one: it has characters that no header may have") { Hint = "look for a line break at its end", ExitCode = ExitCode.Usage };
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return Text(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw Failed($"the model did not answer within {_address.Timeout.TotalSeconds:0.###} s", null, "give it more time with `ask: {timeout: 10m}` in lens.yaml, or take a smaller model");
        }
        catch (HttpRequestException error)
        {
            throw Failed("the model cannot be reached", Masked(error.Message), _address.Provider == Provider.Ollama
                ? "start Ollama (`ollama serve`), or name another model: `ask: {provider: …, model: …}` in lens.yaml"
                : "check `ask: {url: …}` in lens.yaml and the network");
        }
    }

    public void Dispose() => _http.Dispose();

    private string Text(HttpStatusCode status, byte[] body)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            // said below
        }
        using (document)
        {
            if (status == HttpStatusCode.OK && document is not null)
                return ModelDialect.Answer(_address.Provider, document.RootElement)
                    ?? throw Failed("the model answered without a text", Shown(Encoding.UTF8.GetString(body)), $"is {_address.Url} that of {_address.Provider.ToString().ToLowerInvariant()}?");
            var said = document is null ? null : ModelDialect.Error(document.RootElement);
            throw Failed($"the model answered {(int)status}", Shown(said ?? Encoding.UTF8.GetString(body)), status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "check the key in the environment",
                HttpStatusCode.NotFound when _address.Provider == Provider.Ollama => $"`ollama pull {_address.Model}` brings the model",
                HttpStatusCode.NotFound => "check `model` and `url` of `ask:` in lens.yaml",
                HttpStatusCode.TooManyRequests or (HttpStatusCode)529 or HttpStatusCode.ServiceUnavailable => "it has too much to do: ask again later",
                _ => $"is {_address.Url} that of {_address.Provider.ToString().ToLowerInvariant()}?",
            });
        }
    }

    private UserError Failed(string what, string? reason, string? hint) => new(what)
    {
        Where = [("model", _address.Model), ("address", _address.Url.ToString()), .. string.IsNullOrWhiteSpace(reason) ? [] : ((string, string)[])[("reason", reason)]],
        Hint = hint,
    };

    private string Shown(string text)
    {
        var line = string.Concat(Masked(text).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length > ShownOfAnswer ? line[..ShownOfAnswer] + "…" : line;
    }

    // an endpoint may repeat what it was sent
    private string Masked(string text) => _address.Key is { } key ? text.Replace(key, "***", StringComparison.Ordinal) : text;
}
