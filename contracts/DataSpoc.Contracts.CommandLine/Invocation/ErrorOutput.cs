using System.CommandLine;
using DataSpoc.Contracts.CommandLine.Terminal;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>Stderr as the options ask for it, known before anything else so that every error finds it.</summary>
internal sealed class ErrorOutput : IDisposable
{
    public ErrorOutput(CommandEnvironment environment, ConventionalOptions options, ParseResult parsed)
    {
        var noColor = parsed.GetValue(options.NoColor)
            || environment.Variable("NO_COLOR") is { Length: > 0 }
            || environment.Variable("TERM") == "dumb";
        // the value of an option that did not parse cannot be asked for
        var json = parsed.GetResult(options.Log) is { Errors: var errors } && !errors.Any() && parsed.GetValue(options.Log) == LogFormat.Json;
        MayColor = !noColor;
        Verbosity = parsed.GetValue(options.Verbose) ? Verbosity.Verbose : parsed.GetValue(options.Quiet) ? Verbosity.Quiet : Verbosity.Normal;
        Stream = new(environment.StandardError, environment.Time, MayColor && environment.ErrorIsTerminal && !json, json);
        var live = environment.ErrorIsTerminal && !json && environment.Variable("TERM") != "dumb";
        Display = new(Stream, environment.Time, live, Verbosity == Verbosity.Quiet, environment.TerminalWidth);
    }

    public bool MayColor { get; }

    public Verbosity Verbosity { get; }

    public ErrorStream Stream { get; }

    public ProgressDisplay Display { get; }

    /// <summary>Takes live progress away before the last word.</summary>
    public void Clear() => Display.Dispose();

    public void Dispose() => Display.Dispose();
}
