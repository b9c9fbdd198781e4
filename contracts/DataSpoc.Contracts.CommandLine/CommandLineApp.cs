using System.CommandLine;
using System.Reflection;
using DataSpoc.Contracts.CommandLine.Invocation;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>
/// A tool's command line. <c>return await new CommandLineApp { Name = "pipe", … }.RunAsync(args);</c> is all of a tool's Main.
/// </summary>
public sealed class CommandLineApp
{
    /// <summary>The tool as typed: <c>pipe</c>. Also names its configuration file (<c>pipe.yaml</c>).</summary>
    public required string Name { get; init; }

    /// <summary>One sentence without a full stop.</summary>
    public required string Description { get; init; }

    /// <summary>The commands, in the order of the help page.</summary>
    public required IReadOnlyList<ToolCommand> Commands { get; init; }

    /// <summary>As <c>--version</c> shows it; by default the version of the program's assembly.</summary>
    public string Version { get; init; } = AssemblyVersion();

    /// <summary>Where a bug is reported, as it follows the word "report".</summary>
    public string ReportTo { get; init; } = "in the issues of DataSpoc for .NET";

    /// <summary>One real command line for the tool's help page; by default the first command's.</summary>
    public string? Example { get; init; }

    /// <summary>Folders of the project whose YAML files <c>env/</c> and <c>--set</c> reach by <c>folder.name.key</c>: <c>pipelines</c> for Pipe.</summary>
    public IReadOnlyList<string> ConfigurationFolders { get; init; } = [];

    /// <summary>Other folders whose presence makes the working folder a project, as <c>&lt;tool&gt;.yaml</c> does: <c>transforms</c>.</summary>
    public IReadOnlyList<string> ProjectFolders { get; init; } = [];

    /// <summary>
    /// The folder in a person's home that DataSpoc 1.0 kept its configuration in (<c>.dataspoc-pipe</c>, with <c>config.yaml</c> as main file): it is the project where
    /// there is no other. Null where 1.0 had none.
    /// </summary>
    public string? FormerHome { get; init; }

    /// <summary>Parses, runs the command, and turns whatever happens into stderr text and an exit code.</summary>
    /// <param name="args">As given to Main.</param>
    /// <param name="environment">What the command meets of the machine; null is this process.</param>
    /// <exception cref="InvalidOperationException">A command has a handler and no example.</exception>
    public Task<int> RunAsync(string[] args, CommandEnvironment? environment = null) =>
        new CommandRun(this, environment ?? CommandEnvironment.OfProcess()).RunAsync(args);

    private static string AssemblyVersion()
    {
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var build = version.IndexOf('+', StringComparison.Ordinal);
        return build < 0 ? version : version[..build];
    }
}
