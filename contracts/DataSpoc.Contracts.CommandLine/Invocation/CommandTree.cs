using System.CommandLine;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>Puts a tool's commands under one root and gives them the conventional options.</summary>
internal static class CommandTree
{
    public static RootCommand Build(CommandLineApp app, ConventionalOptions options)
    {
        var root = new RootCommand(app.Description);
        root.Options.Clear();
        foreach (var option in options.Everywhere)
            root.Options.Add(option);
        root.Options.Add(options.Version);
        foreach (var command in app.Commands.Append(CompletionCommand.Create(app.Name)))
        {
            root.Subcommands.Add(command);
            Equip(command, options);
        }
        return root;
    }

    private static void Equip(Command command, ConventionalOptions options)
    {
        if (command is ToolCommand { Handler: not null, Example.Length: 0 })
            throw new InvalidOperationException($"the command `{command.Name}` has no example to show with --help");
        // without an action the parser insists on a subcommand; the handler itself is called by CommandRun
        if (command is ToolCommand { Handler: not null })
            command.SetAction(static _ => 0);
        if (command is ToolCommand { Asks: true })
            command.Options.Add(options.Yes);
        if (command is ToolCommand { OffersDryRun: true })
            command.Options.Add(options.DryRun);
        foreach (var child in command.Subcommands)
            Equip(child, options);
    }
}
