using System.CommandLine;
using System.Text;
using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Contracts.CommandLine.Invocation;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>What a command's handler is given: its options, its streams, its project, and the way to be interrupted.</summary>
public sealed class CommandContext
{
    private readonly ParseResult _parsed;
    private readonly ConventionalOptions _options;
    private readonly ErrorOutput _stderr;
    private readonly Interruption _interruption;
    private readonly CommandLineApp _app;
    private StreamWriter? _out;
    private Project? _project;

    internal CommandContext(CommandLineApp app, ToolCommand command, ParseResult parsed, ConventionalOptions options, CommandEnvironment environment, ErrorOutput stderr, Interruption interruption)
    {
        (_app, _parsed, _options, _stderr, _interruption) = (app, parsed, options, stderr, interruption);
        Command = command;
        Environment = environment;
        Messages = new(stderr.Stream, stderr.Verbosity);
        Progress = new(stderr.Display);
        Output = parsed.GetValue(options.Output) ?? (environment.OutputIsTerminal ? OutputFormat.Table : OutputFormat.Csv);
    }

    /// <summary>The command that runs.</summary>
    public ToolCommand Command { get; }

    /// <summary>Streams, variables, folders and clock.</summary>
    public CommandEnvironment Environment { get; }

    /// <summary>Cancelled by the first Ctrl-C or SIGTERM: stop at the next safe point.</summary>
    public CancellationToken Cancel => _interruption.Token;

    /// <summary>What is said on stderr.</summary>
    public Messages Messages { get; }

    /// <summary>Progress on stderr.</summary>
    public Progress Progress { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => Environment.Time;

    /// <summary><c>-o</c>, or the default: a table on a terminal, CSV elsewhere.</summary>
    public OutputFormat Output { get; }

    /// <summary>Whether <c>-o</c> was given.</summary>
    public bool OutputGiven => _parsed.GetValue(_options.Output) is not null;

    /// <summary><c>--dry-run</c>.</summary>
    public bool DryRun => Given(_options.DryRun);

    /// <summary>The project of <c>--project</c>, <c>--env</c> and <c>--set</c>.</summary>
    /// <exception cref="UserError">The folder or the overlay does not exist.</exception>
    public Project Project => _project ??= Project.Find(_app, Environment, _parsed.GetValue(_options.Project), _parsed.GetValue(_options.Environment), _parsed.GetValue(_options.Set) ?? []);

    /// <summary>The words that give another command line the same project: <c>--project /app --env prod --set a.b=c</c>.</summary>
    public IReadOnlyList<string> ProjectWords =>
    [
        "--project", Project.Folder,
        .. _parsed.GetValue(_options.Environment) is { } environment ? (string[])["--env", environment] : [],
        .. (_parsed.GetValue(_options.Set) ?? []).SelectMany(setting => (string[])["--set", setting]),
    ];

    /// <summary>Text to stdout, for what is data but no rows. Flushed when the command ends.</summary>
    public TextWriter Out => _out ??= new(Environment.StandardOutput, new UTF8Encoding(false), 16 * 1024, leaveOpen: true) { AutoFlush = Environment.OutputIsTerminal };

    /// <summary>An option's value, or its default.</summary>
    public T? Value<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>An argument's value, or its default.</summary>
    public T? Value<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>Whether the option was given on the command line.</summary>
    public bool Given(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>Stdin; its reads end with <see cref="OperationCanceledException"/> when the command is interrupted.</summary>
    public Stream OpenInput() => Environment.OpenStandardInput(Cancel);

    /// <summary>Rows to stdout in the format of <c>-o</c>.</summary>
    /// <param name="columns">At least one.</param>
    /// <param name="rowLimit">Rows that a table shows at most; the other formats have no limit.</param>
    public IRowWriter Rows(IReadOnlyList<RowColumn> columns, long? rowLimit = null)
    {
        _out?.Flush();
        return RowWriterFactory.Create(Environment.StandardOutput, Output, columns, new()
        {
            Width = Environment.OutputIsTerminal ? Environment.TerminalWidth() : null,
            RowLimit = rowLimit,
            Color = Environment.OutputIsTerminal && _stderr.MayColor,
        });
    }

    /// <summary>What is kept when the command is interrupted, asked when it has stopped: <c>3 streams are committed; run again to go on</c>.</summary>
    public void WhenInterrupted(Func<string> kept) => _interruption.WhenInterrupted(kept);

    /// <summary>Asks a person; true with <c>--yes</c>.</summary>
    /// <param name="question">Without the question mark: <c>delete 3 files of `raw/shop/orders`</c>.</param>
    /// <exception cref="UserError">Nobody can be asked: stdin is not a terminal and <c>--yes</c> was not given (<see cref="ExitCode.Usage"/>).</exception>
    public bool Confirm(string question)
    {
        if (Given(_options.Yes))
            return true;
        if (!Environment.InputIsTerminal)
            throw new UserError($"nobody can be asked whether to {question}") { Hint = "add `--yes`", ExitCode = ExitCode.Usage };
        Environment.StandardError.Write($"{question}? [y/N] ");
        return Environment.ReadLine() is { } answer && answer.Trim() is "y" or "Y" or "yes" or "Yes";
    }

    internal void FlushOutput() => _out?.Flush();
}
