using System.Security.Cryptography;
using System.Text;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Names;

namespace DataSpoc.Pipe.Scheduling;

/// <summary>The command that runs one pipeline of a project in a process of its own.</summary>
/// <param name="Program">This program as it was started: its path, or <c>dotnet</c> and the assembly.</param>
/// <param name="Project">The project's folder.</param>
/// <param name="ProjectWords">The options that name the project and what lies over it.</param>
internal sealed record PipelineCommand(IReadOnlyList<string> Program, string Project, IReadOnlyList<string> ProjectWords)
{
    /// <summary>The words of the command line.</summary>
    public IReadOnlyList<string> Words(string pipeline) => [.. Program, "ingest", pipeline, .. ProjectWords];

    /// <summary>Where what the last run of a pipeline said is kept, and its lock: a folder per project.</summary>
    public string FolderOf(CommandEnvironment environment)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Project)))[..8];
        return environment.FullPath($"~/.dataspoc/pipe/schedule/{NameFolding.Fold(Path.GetFileName(Project))}-{hash}");
    }

    /// <summary>The same for a crontab: with the PATH of now, because cron's own knows no taps, and never twice at once.</summary>
    public string ForCron(string pipeline, CommandEnvironment environment)
    {
        var file = Path.Combine(FolderOf(environment), pipeline);
        var variables = ((string[])["PATH", "DOTNET_ROOT"]).Where(name => environment.Variable(name) is { Length: > 0 }).Select(name => $"{name}={Crontab.Quote(environment.Variable(name)!)} ");
        return $"{string.Concat(variables)}flock -n -E 0 {Crontab.Quote(file + ".lock")} {string.Join(' ', Words(pipeline).Select(Crontab.Quote))} > {Crontab.Quote(file + ".log")} 2>&1";
    }
}
