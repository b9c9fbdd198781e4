namespace DataSpoc.Lens.Ask;

/// <summary>Whose models there are.</summary>
internal enum Provider
{
    /// <summary>Ollama, on this machine where nothing else is said.</summary>
    Ollama,

    /// <summary>OpenAI, or whatever answers to <c>/chat/completions</c>.</summary>
    Openai,

    /// <summary>Anthropic.</summary>
    Anthropic,
}

/// <summary>What <c>ask:</c> in <c>lens.yaml</c> may say.</summary>
internal sealed record AskConfiguration
{
    public Provider Provider { get; init; }

    /// <summary>Where the models answer; by default the provider's own address.</summary>
    public string? Url { get; init; }

    public string? Model { get; init; }

    /// <summary>Rows of each table that the model is shown; 0 is none.</summary>
    public int Samples { get; init; } = 3;

    /// <summary>Tables that are described to the model: those whose names fit the question best.</summary>
    public int Tables { get; init; } = 20;

    /// <summary>How long the model may think.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
