using System.CommandLine;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>The options that every command of every tool understands.</summary>
internal sealed class ConventionalOptions
{
    public Option<bool> Help { get; } = new("--help", "-h") { Description = "Show help and an example", Recursive = true, Arity = ArgumentArity.Zero };

    public Option<bool> Version { get; } = new("--version") { Description = "Show the version", Arity = ArgumentArity.Zero };

    public Option<OutputFormat?> Output { get; } = new("--output", "-o")
    {
        Description = "table, json, ndjson, csv or markdown (default: table on a terminal, csv elsewhere)",
        HelpName = "FORMAT",
        Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Say nothing but warnings and errors", Recursive = true, Arity = ArgumentArity.Zero };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Say how, and show the stack trace of an error", Recursive = true, Arity = ArgumentArity.Zero };

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours (also: NO_COLOR=1)", Recursive = true, Arity = ArgumentArity.Zero };

    public Option<LogFormat> Log { get; } = new("--log-format") { Description = "text, or json for one object per line on stderr", HelpName = "FORMAT", Recursive = true };

    public Option<string?> Project { get; } = new("--project") { Description = "The folder of the configuration (default: here, or ~/.dataspoc/<tool>)", HelpName = "DIR", Recursive = true };

    public Option<string?> Environment { get; } = new("--env") { Description = "Lay env/NAME.yaml over the configuration", HelpName = "NAME", Recursive = true };

    public Option<string[]> Set { get; } = new("--set") { Description = "Override one value of the configuration", HelpName = "KEY=VALUE", Recursive = true };

    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask", Arity = ArgumentArity.Zero };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Say what would be written, and write nothing", Arity = ArgumentArity.Zero };

    /// <summary>In the order of the help page.</summary>
    public IReadOnlyList<Option> Everywhere => [Output, Project, Environment, Set, Quiet, Verbose, NoColor, Log, Help];

    public bool IsConventional(Option option) => Everywhere.Contains(option) || option == Version;
}
