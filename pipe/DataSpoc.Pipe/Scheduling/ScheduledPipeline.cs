using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Pipe.Configuration;

namespace DataSpoc.Pipe.Scheduling;

/// <summary>A pipeline of the project with the time at which it runs.</summary>
/// <param name="Name">The pipeline.</param>
/// <param name="Cron">When.</param>
internal sealed record ScheduledPipeline(string Name, CronExpression Cron)
{
    /// <summary>The pipelines that have a schedule, of those that are named or of all.</summary>
    /// <exception cref="UserError">A named pipeline has none, or a time is none.</exception>
    public static IReadOnlyList<ScheduledPipeline> Of(Project project, IReadOnlyList<string> names)
    {
        var found = new List<ScheduledPipeline>();
        foreach (var name in names.Count > 0 ? names : project.Names("pipelines"))
            if (project.Load<PipelineFile>("pipelines", name).Schedule?.Cron is { } cron)
                found.Add(new(Schedulable(name), Parse(name, cron)));
            else if (names.Count > 0)
                throw new UserError($"`pipelines/{name}.yaml` has no schedule") { Hint = "add `schedule: {cron: \"15 3 * * *\"}`: every day at 03:15", ExitCode = ExitCode.Usage };
        return found;
    }

    // 1.0 took any name; these would not come back out of a crontab as they went in
    private static string Schedulable(string name) => name.AsSpan().ContainsAny("@\n\r") || name.StartsWith('-')
        ? throw new UserError($"a pipeline called `{name}` cannot be scheduled") { Hint = "rename its file: letters, digits, - and _", ExitCode = ExitCode.Usage }
        : name;

    private static CronExpression Parse(string name, string cron)
    {
        try
        {
            return CronExpression.Parse(cron);
        }
        catch (UserError error)
        {
            throw new UserError(error.What) { Where = [("file", $"pipelines/{name}.yaml"), ("key", "schedule.cron")], Hint = error.Hint, ExitCode = error.ExitCode };
        }
    }
}
