using System.CommandLine;
using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Pipe.Commands;
using DataSpoc.Pipe.Scheduling;

namespace DataSpoc.Pipe.Scheduling;

/// <summary><c>pipe schedule install|remove|list|run</c>: pipelines with <c>schedule.cron</c> run by cron, or by this program in the foreground.</summary>
internal sealed class ScheduleCommand(PipeHost host)
{
    private readonly Argument<string[]> _names = new("pipeline") { Description = "only these pipelines", Arity = ArgumentArity.ZeroOrMore };

    public ToolCommand Create()
    {
        var command = new ToolCommand("schedule", "Run pipelines at their times");
        command.Subcommands.Add(new ToolCommand("install", "Put the project's schedules into your crontab") { Example = "pipe schedule install", Handler = InstallAsync, Arguments = { _names }, OffersDryRun = true });
        command.Subcommands.Add(new ToolCommand("remove", "Take the project's schedules out of your crontab") { Example = "pipe schedule remove orders", Handler = RemoveAsync, Arguments = { _names } });
        command.Subcommands.Add(new ToolCommand("list", "The schedules, and when each runs next") { Example = "pipe schedule list", Handler = ListAsync });
        command.Subcommands.Add(new ToolCommand("run", "Run pipelines at their times in the foreground, for containers") { Example = "pipe schedule run --project /app", Handler = RunAsync, Arguments = { _names } });
        return command;
    }

    private async Task<ExitCode> InstallAsync(CommandContext context)
    {
        var pipelines = ScheduledPipeline.Of(context.Project, context.Value(_names)!);
        if (pipelines.Count == 0)
            throw NoSchedule(context);
        var (program, command) = (Program(context), Command(context));
        var before = await program.ReadAsync(context.Cancel);
        // what the project no longer schedules goes; with names, only they change
        var after = Crontab.Without(before, context.Project.Folder, name => context.Value(_names)!.Length == 0 || pipelines.Any(pipeline => pipeline.Name == name));
        foreach (var pipeline in pipelines)
            after = Crontab.With(after, context.Project.Folder, new(pipeline.Name, pipeline.Cron.Text), command.ForCron(pipeline.Name, context.Environment));
        if (context.DryRun)
        {
            context.Out.Write(after);
            return ExitCode.Done;
        }
        var folder = command.FolderOf(context.Environment);
        Directory.CreateDirectory(folder);
        await program.WriteAsync(after, context.Cancel);
        using var rows = context.OutputGiven ? context.Rows([new("pipeline"), new("cron"), new("next_run", RowColumnKind.Temporal), new("log")]) : null;
        foreach (var pipeline in pipelines)
        {
            var log = Path.Combine(folder, pipeline.Name + ".log");
            rows?.WriteRow(pipeline.Name, pipeline.Cron.Text, Next(context, pipeline.Cron), log);
            context.Messages.Info($"`{pipeline.Name}`: `{pipeline.Cron.Text}`, next at {Next(context, pipeline.Cron)}; what it says is in {log}");
        }
        rows?.Complete();
        context.Messages.Success($"{Quantity.Count(pipelines.Count, "pipeline")} in your crontab");
        return ExitCode.Done;
    }

    private async Task<ExitCode> RemoveAsync(CommandContext context)
    {
        var (program, names) = (Program(context), context.Value(_names)!);
        var before = await program.ReadAsync(context.Cancel);
        var installed = Crontab.Entries(before, context.Project.Folder);
        if (names.FirstOrDefault(name => installed.All(entry => entry.Pipeline != name)) is { } missing)
            throw new UserError($"`{missing}` is not in your crontab") { Where = [("project", context.Project.Folder)], Hint = "`pipe schedule list` shows what is", ExitCode = ExitCode.Usage };
        var removed = installed.Where(entry => names.Length == 0 || names.Contains(entry.Pipeline)).ToArray();
        if (removed.Length > 0)
            await program.WriteAsync(Crontab.Without(before, context.Project.Folder, name => removed.Any(entry => entry.Pipeline == name)), context.Cancel);
        using var rows = context.OutputGiven ? context.Rows([new("pipeline"), new("cron")]) : null;
        foreach (var entry in removed)
            rows?.WriteRow(entry.Pipeline, entry.Cron);
        rows?.Complete();
        context.Messages.Success(removed.Length == 0 ? "your crontab has no pipeline of this project" : $"{Quantity.Count(removed.Length, "pipeline")} taken out of your crontab");
        return ExitCode.Done;
    }

    private async Task<ExitCode> ListAsync(CommandContext context)
    {
        var pipelines = ScheduledPipeline.Of(context.Project, []);
        IReadOnlyList<CrontabEntry> installed;
        try
        {
            installed = Crontab.Entries(await Program(context).ReadAsync(context.Cancel), context.Project.Folder);
        }
        catch (UserError error)
        {
            // in a container there is no cron: the project's schedules are there all the same
            context.Messages.Warn(error.What, error.Hint);
            installed = [];
        }
        using var rows = context.Rows([new("pipeline"), new("cron"), new("next_run", RowColumnKind.Temporal), new("in_crontab")]);
        foreach (var name in pipelines.Select(pipeline => pipeline.Name).Union(installed.Select(entry => entry.Pipeline)).Order(StringComparer.Ordinal))
        {
            var (own, line) = (pipelines.FirstOrDefault(pipeline => pipeline.Name == name), installed.FirstOrDefault(entry => entry.Pipeline == name));
            rows.WriteRow(name, own?.Cron.Text ?? line!.Cron, Next(context, own?.Cron ?? CronExpression.Parse(line!.Cron)),
                (own, line) switch { (_, null) => "no", (null, _) => "yes, but no longer in the project", _ when own.Cron.Text == line.Cron => "yes", _ => $"as `{line.Cron}`" });
        }
        rows.Complete();
        return ExitCode.Done;
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var pipelines = ScheduledPipeline.Of(context.Project, context.Value(_names)!);
        if (pipelines.Count == 0)
            throw NoSchedule(context);
        context.WhenInterrupted(() => "every run has ended; what it committed stays");
        await new ForegroundSchedule(pipelines, Command(context), TimeZoneInfo.Local, context.Time, context.Messages).RunAsync(context.Cancel);
        return ExitCode.Done;
    }

    private PipelineCommand Command(CommandContext context) => new(host.Program, context.Project.Folder, context.ProjectWords);

    private static CrontabProgram Program(CommandContext context) => new(context.Environment.Variable("PATH"));

    private static string Next(CommandContext context, CronExpression cron) => cron.Next(context.Time.GetUtcNow(), TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);

    private static UserError NoSchedule(CommandContext context) => new("no pipeline of the project has a schedule")
    {
        Where = [("project", context.Project.Folder)],
        Hint = "add `schedule: {cron: \"15 3 * * *\"}` to a file in `pipelines/`: every day at 03:15",
        ExitCode = ExitCode.Usage,
    };
}
