using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using DataSpoc.Contracts.CommandLine.Terminal;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>One run of a tool, from its arguments to its exit code.</summary>
internal sealed class CommandRun(CommandLineApp app, CommandEnvironment environment)
{
    private readonly ConventionalOptions _options = new();

    public async Task<int> RunAsync(string[] args)
    {
        var root = CommandTree.Build(app, _options);
        // '@file' stays an argument: a query or a path may begin with it
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        using var stderr = new ErrorOutput(environment, _options, parsed);
        try
        {
            return (int)await RunAsync(root, parsed, stderr);
        }
        catch (BrokenPipeException)
        {
            return (int)ExitCode.Done;
        }
        catch (UserError error)
        {
            stderr.Clear();
            ErrorRendering.Write(stderr.Stream, error, stderr.Verbosity);
            return (int)error.ExitCode;
        }
#pragma warning disable CA1031 // the last line of defence: whatever comes here is a bug, and is reported as one
        catch (Exception bug)
#pragma warning restore CA1031
        {
            stderr.Clear();
            ErrorRendering.WriteBug(stderr.Stream, app, bug, stderr.Verbosity);
            return (int)ExitCode.Failed;
        }
    }

    private async Task<ExitCode> RunAsync(RootCommand root, ParseResult parsed, ErrorOutput stderr)
    {
        if (parsed.GetResult(root.Directives.OfType<SuggestDirective>().Single()) is not null)
            return (ExitCode)await Suggestions.WriteAsync(parsed, environment);
        var command = parsed.CommandResult.Command;
        if (parsed.GetValue(_options.Help))
            return WriteOut(HelpPage.For(app, _options, command));
        if (command == root && parsed.GetValue(_options.Version))
            return WriteOut($"{app.Name} {app.Version}\n");
        if (parsed.Errors.Count > 0 && (command as ToolCommand)?.Handler is null && parsed.UnmatchedTokens.Count == 0 && !ParseErrors.OfOption(parsed))
        {
            await environment.StandardError.WriteAsync(HelpPage.For(app, _options, command));
            return ExitCode.Usage;
        }
        if (parsed.Errors.Count > 0 || ParseErrors.UnknownOptionIn(parsed) is not null)
            throw ParseErrors.Explain(app, parsed);
        if (command is not ToolCommand { Handler: { } handler } tool)
            throw ParseErrors.NoCommand(app, command);
        return await HandleAsync(tool, handler, parsed, stderr);
    }

    private async Task<ExitCode> HandleAsync(ToolCommand tool, Func<CommandContext, Task<ExitCode>> handler, ParseResult parsed, ErrorOutput stderr)
    {
        using var interruption = new Interruption(stderr.Stream, environment.CatchSignals);
        var context = new CommandContext(app, tool, parsed, _options, environment, stderr, interruption);
        try
        {
            return await handler(context);
        }
        catch (OperationCanceledException) when (interruption.Requested)
        {
            stderr.Clear();
            stderr.Stream.Message("warning", "interrupted", "\e[33m", interruption.Kept());
            return ExitCode.Interrupted;
        }
        finally
        {
            context.FlushOutput();
        }
    }

    private ExitCode WriteOut(string text)
    {
        environment.StandardOutput.Write(System.Text.Encoding.UTF8.GetBytes(text));
        environment.StandardOutput.Flush();
        return ExitCode.Done;
    }
}
