using System.Diagnostics;
using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Shell;

/// <summary>Carries out what is written in the shell. A statement is <c>lens sql</c>, a dot command another command of lens: guard, output and errors are theirs.</summary>
/// <param name="context">The shell's.</param>
/// <param name="buckets">The values of <c>--bucket</c>.</param>
internal sealed class ShellSession(CommandContext context, IReadOnlyList<string> buckets)
{
    private const string Help = """
        .tables            the tables of the buckets
        .schema TABLE      a table's columns, key, age and lineage
        .profile TABLE     what its values are like
        .buckets           the buckets of lens.yaml
        .cache             the copies of distant files
        .mode FORMAT       table, csv, json, ndjson or markdown
        .timer on|off      say how long a query took
        .pager on|off      show what does not fit through $PAGER, or less
        .export FILE       write the next query's rows to a file (.csv .json .ndjson .parquet)
        .read FILE         run the statements of a file
        .quit              leave (also Ctrl-D)
        ask QUESTION       let a language model write the query
        A query ends with a semicolon; Ctrl-C stops it.

        """;

    private string? _mode = context.OutputGiven ? context.Output.ToString().ToLowerInvariant() : null;
    private string? _export;
    private bool _timer;
    private bool _pages = true;

    /// <summary>Whether the shell was left.</summary>
    public bool Ended { get; private set; }

    /// <summary>What the last failure says to who started the shell.</summary>
    public ExitCode Exit { get; private set; }

    /// <summary>Runs one statement without its semicolon, or a dot command.</summary>
    public async Task RunAsync(string statement)
    {
        var begun = Stopwatch.GetTimestamp();
        if (statement[0] == '.')
            await CommandAsync(statement.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        else
        {
            string[] export = _export is null ? [] : ["--export", _export];
            _export = null;
            if (Statements.IsQuestion(statement))
                await LensAsync(["ask", .. export, .. Buckets], "", "--", statement[3..].Trim().TrimEnd(';'));
            else
                await LensAsync(["sql", "-", .. export, .. Buckets], statement);
        }
        if (_timer)
            context.Messages.Info(Quantity.Duration(Stopwatch.GetElapsedTime(begun)));
    }

    private IEnumerable<string> Buckets => buckets.SelectMany(bucket => (string[])["--bucket", bucket]);

    private Task CommandAsync(string[] words) => words switch
    {
        [".tables"] => LensAsync(["catalog", .. Buckets], ""),
        [".schema", var table] => LensAsync(["catalog", table, .. Buckets], ""),
        [".profile", var table] => LensAsync(["profile", table, .. Buckets], ""),
        [".buckets"] => LensAsync(["bucket", "list"], ""),
        [".cache"] => LensAsync(["cache"], ""),
        [".mode", var mode] => Set(() => _mode = Enum.TryParse<OutputFormat>(mode, ignoreCase: true, out _) ? mode : throw Wrong($"`{mode}` is not a format", "table, csv, json, ndjson or markdown")),
        [".timer", "on" or "off"] => Set(() => _timer = words[1] == "on"),
        [".pager", "on" or "off"] => Set(() => _pages = words[1] == "on"),
        [".export", var file] => Set(() => _export = file),
        [".read", var file] => ReadAsync(file),
        [".help"] => Set(() => context.Out.Write(Help)),
        [".quit" or ".exit"] => Set(() => Ended = true),
        _ => Set(() => throw Wrong($"`{string.Join(' ', words)}` is not a command of the shell", "`.help` shows them")),
    };

    private async Task ReadAsync(string file)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(context.Environment.FullPath(file), context.Cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say(Wrong($"`{file}` cannot be read: {error.Message}", "name a file of statements"));
            return;
        }
        var (complete, rest) = Statements.Split(text);
        foreach (var statement in rest.Length > 0 ? complete.Append(rest) : complete)
            if (!Ended)
                await RunAsync(statement);
    }

    private async Task LensAsync(string[] words, string input, params string[] values)
    {
        string[] mode = _mode is null ? [] : ["-o", _mode];
        context.Out.Flush();
        var environment = context.Environment;
        using var pager = _pages && environment is { InputIsTerminal: true, OutputIsTerminal: true } && Pager.CommandOf(environment.Variable) is { } command
            ? new Pager(environment.StandardOutput, command, Math.Max(2, Console.WindowHeight)) : null;
        var code = (ExitCode)await LensTool.App().RunAsync([.. words, .. mode, .. ProjectOptions.Of(context), .. values], environment with
        {
            StandardOutput = pager ?? environment.StandardOutput,
            OpenStandardInput = _ => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            InputIsTerminal = false,
            CatchSignals = environment.InputIsTerminal,
        });
        if (code != ExitCode.Done)
            Exit = code;
    }

    private Task Set(Action change)
    {
        try
        {
            change();
        }
        catch (UserError error)
        {
            Say(error);
        }
        return Task.CompletedTask;
    }

    private void Say(UserError error)
    {
        context.Messages.Error(error);
        Exit = error.ExitCode;
    }

    private static UserError Wrong(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };
}
