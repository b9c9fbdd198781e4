namespace DataSpoc.Contracts.CommandLine;

/// <summary>
/// Everything a command meets of the machine it runs on: standard streams, variables, folders, clock.
/// Tests make their own; nothing of the process is read anywhere else.
/// </summary>
public sealed record CommandEnvironment
{
    /// <summary>Bytes from stdin. Made on first use, because a command that reads nothing must not touch it.</summary>
    public required Func<CancellationToken, Stream> OpenStandardInput { get; init; }

    /// <summary>Bytes to stdout, unbuffered. A write to a closed pipe throws <see cref="BrokenPipeException"/>.</summary>
    public required Stream StandardOutput { get; init; }

    /// <summary>Text to stderr, written through at once.</summary>
    public required TextWriter StandardError { get; init; }

    /// <summary>A line typed by a person, or null at the end of input.</summary>
    public Func<string?> ReadLine { get; init; } = static () => null;

    /// <summary>Whether stdin is a terminal, so that a question can be asked.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Whether stdout is a terminal.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether stderr is a terminal, so that progress can be shown.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal; null where there is none or it does not say.</summary>
    public Func<int?> TerminalWidth { get; init; } = static () => null;

    /// <summary>The value of an environment variable, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The absolute working folder.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The absolute home folder of the person.</summary>
    public required string HomeFolder { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether Ctrl-C and SIGTERM are caught: true for a process, false inside a test.</summary>
    public bool CatchSignals { get; init; }

    /// <summary>The environment of this process.</summary>
    public static CommandEnvironment OfProcess() => new()
    {
        OpenStandardInput = static cancel => Terminal.StandardInputStream.Open(cancel),
        StandardOutput = Terminal.StandardOutputStream.Open(),
        StandardError = Terminal.StandardOutputStream.OpenError(),
        ReadLine = Console.ReadLine,
        InputIsTerminal = !Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        TerminalWidth = Terminal.TerminalSize.Columns,
        Variable = Environment.GetEnvironmentVariable,
        WorkingFolder = Environment.CurrentDirectory,
        HomeFolder = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
            ? home
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        CatchSignals = true,
    };

    /// <summary>A path as a person wrote it, made absolute from the working folder; a leading <c>~</c> is the home folder.</summary>
    public string FullPath(string path)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            path = HomeFolder + path[1..];
        return Path.GetFullPath(path, WorkingFolder);
    }
}
