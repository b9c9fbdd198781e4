using System.Text;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Shell;

/// <summary><c>lens shell</c>: queries one after the other, from a terminal or from a pipe.</summary>
internal static class ShellCommand
{
    private const int Remembered = 1000;

    public static ToolCommand Create()
    {
        var buckets = BucketOption.Create();
        return new("shell", "Write queries one after the other, with history and completion")
        {
            Example = "lens shell --bucket s3://company-bronze",
            Details = "A query ends with a semicolon. `.help` shows the commands. From a pipe, statements are run in order and the exit code is that of the last failure.",
            Handler = context => RunAsync(context, context.Value(buckets) ?? []),
            Options = { buckets },
        };
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, IReadOnlyList<string> buckets)
    {
        var session = new ShellSession(context, buckets);
        if (context.Environment is { InputIsTerminal: true, OutputIsTerminal: true })
        {
            await TypedAsync(context, session, buckets);
            return ExitCode.Done;
        }
        using var input = new StreamReader(context.OpenInput(), Encoding.UTF8);
        var (statements, rest) = Statements.Split(await input.ReadToEndAsync(context.Cancel));
        foreach (var statement in rest.Length > 0 ? statements.Append(rest) : statements)
            if (!session.Ended)
                await session.RunAsync(statement);
        return session.Exit;
    }

    private static async Task TypedAsync(CommandContext context, ShellSession session, IReadOnlyList<string> given)
    {
        await using var buckets = BucketSelection.Open(given, context.Project.Load<LensConfiguration>(), context.Environment);
        using var completions = await Completions.ReadAsync(buckets, context.Cancel);
        var file = Path.Combine(context.Environment.HomeFolder, ".dataspoc", "lens", "history");
        var history = File.Exists(file) ? (await File.ReadAllTextAsync(file, context.Cancel)).Split('\0', StringSplitOptions.RemoveEmptyEntries).ToList() : [];
        var editor = new LineEditor(context.Out, completions, history);
        context.Messages.Info("queries end with a semicolon; `.help` shows the commands, Ctrl-D leaves");
        while (!session.Ended)
        {
            Console.TreatControlCAsInput = true;
            var text = editor.Read();
            Console.TreatControlCAsInput = false;
            if (text is null)
                break;
            foreach (var statement in Statements.Split(text).Complete)
                if (!session.Ended)
                    await session.RunAsync(statement);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, string.Join('\0', history.TakeLast(Remembered)), context.Cancel);
    }
}
