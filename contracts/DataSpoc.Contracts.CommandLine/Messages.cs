using DataSpoc.Contracts.CommandLine.Terminal;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>
/// What a command says to people, on stderr; with <c>--log-format json</c> one JSON object per line instead.
/// One sentence has no full stop; names are in backticks. Thread-safe.
/// </summary>
public sealed class Messages
{
    private readonly ErrorStream _stderr;

    internal Messages(ErrorStream stderr, Verbosity verbosity) => (_stderr, Verbosity) = (stderr, verbosity);

    /// <summary>How much is said.</summary>
    public Verbosity Verbosity { get; }

    /// <summary>What is or was done.</summary>
    public void Info(string text)
    {
        if (Verbosity >= Verbosity.Normal)
            _stderr.Message("info", "", "", text);
    }

    /// <summary>What was done, as the last word of a command.</summary>
    public void Success(string text)
    {
        if (Verbosity >= Verbosity.Normal)
            _stderr.Message("info", "done: ", "\e[32m", text);
    }

    /// <summary>What a person should know although the command goes on. Said even with <c>-q</c>.</summary>
    public void Warn(string text, string? hint = null)
    {
        _stderr.Message("warning", "warning: ", "\e[33m", text);
        if (hint is not null)
            _stderr.Message("warning", "  hint: ", "\e[36m", hint);
    }

    /// <summary>How something is done; only with <c>-v</c>.</summary>
    public void Detail(string text)
    {
        if (Verbosity >= Verbosity.Verbose)
            _stderr.Message("debug", "", "\e[2m", text);
    }

    /// <summary>An error that does not end the command (one stream of several), in the form of the last one.</summary>
    public void Error(UserError error) => ErrorRendering.Write(_stderr, error, Verbosity);
}
