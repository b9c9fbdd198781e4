using System.Net;
using DataSpoc.Contracts;

namespace DataSpoc.Lens.Ask;

/// <summary>Which model answers, and where.</summary>
/// <param name="Provider">How it is spoken to.</param>
/// <param name="Model">Its name there.</param>
/// <param name="Url">The address that is posted to.</param>
/// <param name="Key">What it is paid with; null where none is needed. Never shown.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record ModelAddress(Provider Provider, string Model, Uri Url, string? Key, TimeSpan Timeout)
{
    private const string LocalModel = "qwen2.5-coder";
    private const string AnyKey = "DATASPOC_LLM_API_KEY";

    /// <summary>Whether it is on this machine.</summary>
    public bool IsLocal => Url.IsLoopback;

    /// <summary>What <c>lens.yaml</c> says, over that the environment, over that the command line.</summary>
    /// <exception cref="UserError">There is no such address, no model, no key, or the key would travel readable (<see cref="ExitCode.Usage"/>).</exception>
    public static ModelAddress Of(AskConfiguration configuration, Func<string, string?> variable, string? model)
    {
        var provider = Text(variable("DATASPOC_LLM_PROVIDER")) is { } named ? Parse(named) : configuration.Provider;
        var given = Text(variable("DATASPOC_LLM_URL")) ?? Text(configuration.Url) ?? (provider == Provider.Ollama && Text(variable("OLLAMA_HOST")) is { } host ? HostUrl(host) : null);
        var url = Address(given ?? DefaultUrl(provider), provider);
        // a project's file may name any address: only a key that is meant for any is sent there
        var key = Text(variable(AnyKey)) ?? (given is null && KeyOf(provider) is { } own ? Text(variable(own)) : null);
        if (key is null && given is null && KeyOf(provider) is { } needed)
            throw Wrong($"there is no key for {provider.ToString().ToLowerInvariant()}", $"set `{needed}` in the environment, or ask a model on this machine: `ask: {{provider: ollama}}` in lens.yaml");
        if (key is not null && url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback)
            throw Wrong($"the key would go to {url} without encryption", "take an https address, or unset the key");
        var name = model ?? Text(variable("DATASPOC_LLM_MODEL")) ?? Text(configuration.Model) ?? (provider == Provider.Ollama ? LocalModel : null);
        return new(provider, name ?? throw Wrong("no model is named", "write `ask: {model: NAME}` into lens.yaml, or `--model NAME`"), url, key, configuration.Timeout);
    }

    private static string? KeyOf(Provider provider) => provider switch { Provider.Openai => "OPENAI_API_KEY", Provider.Anthropic => "ANTHROPIC_API_KEY", _ => null };

    private static string DefaultUrl(Provider provider) => provider switch
    {
        Provider.Openai => "https://api.openai.com/v1",
        Provider.Anthropic => "https://api.anthropic.com/v1",
        _ => "http://localhost:11434",
    };

    private static Uri Address(string text, Provider provider)
    {
        var path = provider switch { Provider.Openai => "/chat/completions", Provider.Anthropic => "/messages", _ => "/api/chat" };
        // an address with user and password would show them in errors
        return Uri.TryCreate(text.TrimEnd('/') + path, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url
            : throw Wrong($"`{text}` is not the address of a model", "write it as http://localhost:11434 or https://models.example.com/v1");
    }

    // Ollama's own variable may be a host, or host:port
    private static string HostUrl(string host)
    {
        if (host.Contains("://", StringComparison.Ordinal))
            return host;
        var reachable = host.Replace(IPAddress.Any.ToString(), "localhost", StringComparison.Ordinal);
        return $"http://{reachable}{(reachable.Contains(':', StringComparison.Ordinal) ? "" : ":11434")}";
    }

    private static Provider Parse(string text) => Enum.TryParse<Provider>(text, ignoreCase: true, out var provider) && Enum.IsDefined(provider)
        ? provider
        : throw Wrong($"`{text}` is no provider of models", "`DATASPOC_LLM_PROVIDER` is ollama, openai (also for whatever speaks as it does) or anthropic");

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static UserError Wrong(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
