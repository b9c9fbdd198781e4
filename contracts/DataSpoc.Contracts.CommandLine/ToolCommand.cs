using System.CommandLine;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>
/// A command of a tool. Options and arguments are System.CommandLine's, added in the initializer; their values are read
/// with <see cref="CommandContext.Value{T}(Option{T})"/>. The conventional options (<c>-o</c>, <c>-q</c>, <c>--project</c>, …) are added by
/// <see cref="CommandLineApp"/>.
/// </summary>
/// <param name="name">A verb: <c>ingest</c>.</param>
/// <param name="description">One sentence without a full stop.</param>
#pragma warning disable CA1010 // the base enumerates its children, for collection initializers only
public sealed class ToolCommand(string name, string description) : Command(name, description)
#pragma warning restore CA1010
{
    /// <summary>One real command line, or a few, each as it would be typed; shown by <c>--help</c>. Required where there is a <see cref="Handler"/>.</summary>
    public string Example { get; init; } = "";

    /// <summary>What the command does; null for a command that only holds others.</summary>
    public Func<CommandContext, Task<ExitCode>>? Handler { get; init; }

    /// <summary>Whether <c>--dry-run</c> is offered: the command writes, and can say what it would write.</summary>
    public bool OffersDryRun { get; init; }

    /// <summary>Whether <c>--yes</c> is offered: the command asks before it does something (<see cref="CommandContext.Confirm"/>).</summary>
    public bool Asks { get; init; }

    /// <summary>More for <c>--help</c>: paragraphs below the description.</summary>
    public string? Details { get; init; }
}
