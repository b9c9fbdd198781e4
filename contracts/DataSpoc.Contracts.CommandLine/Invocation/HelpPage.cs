using System.CommandLine;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>What <c>--help</c> shows: purpose, usage, a real example, then everything that can be said.</summary>
internal static class HelpPage
{
    public static string For(CommandLineApp app, ConventionalOptions conventional, Command command)
    {
        var text = new StringBuilder();
        text.Append(command.Description).Append("\n\nusage: ").Append(Usage(app, command)).Append('\n');
        var tool = command as ToolCommand;
        var example = tool is null ? app.Example ?? ExampleOf(app.Commands) : tool.Example.Length > 0 ? tool.Example : ExampleOf(tool.Subcommands.OfType<ToolCommand>());
        if (example is not null)
        {
            text.Append("\nexample:\n");
            foreach (var line in example.ReplaceLineEndings("\n").Split('\n'))
                text.Append("  ").Append(line).Append('\n');
        }
        if (tool?.Details is { } details)
            text.Append('\n').Append(details.Trim()).Append('\n');
        Section(text, "commands", command.Subcommands.Where(static c => !c.Hidden).Select(static c => (string.Join(", ", c.Aliases.Prepend(c.Name)), c.Description ?? "")));
        Section(text, "arguments", command.Arguments.Where(static a => !a.Hidden).Select(static a => (ArgumentLabel(a), a.Description ?? "")));
        Section(text, "options", OptionsOf(command).Where(o => !conventional.IsConventional(o)).Select(OptionRow));
        var common = conventional.Everywhere.AsEnumerable();
        Section(text, "options of every command", (tool is null ? common.Append(conventional.Version) : common).Select(OptionRow));
        return text.ToString();
    }

    /// <summary><c>platform mock tap</c>.</summary>
    public static string Path(CommandLineApp app, Command command) =>
        command is RootCommand ? app.Name : $"{Path(app, command.Parents.OfType<Command>().First())} {command.Name}";

    /// <summary>All options that may be given with a command.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) => command.Options.Where(static o => !o.Hidden)
        .Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(static o => o.Recursive))
        .Distinct();

    public static string ArgumentLabel(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name.ToUpperInvariant();
        return argument.Arity.MaximumNumberOfValues > 1 ? name + "…" : name;
    }

    private static string? ExampleOf(IEnumerable<ToolCommand> commands) => commands.Select(static c => c.Example).FirstOrDefault(static e => e.Length > 0);

    private static string Usage(CommandLineApp app, Command command)
    {
        var parts = new List<string> { Path(app, command) };
        var runs = command is ToolCommand { Handler: not null };
        if (command.Subcommands.Any(static c => !c.Hidden))
            parts.Add(runs ? "[COMMAND]" : "COMMAND");
        foreach (var argument in command.Arguments.Where(static a => !a.Hidden))
            parts.Add(argument.Arity.MinimumNumberOfValues == 0 ? $"[{ArgumentLabel(argument)}]" : ArgumentLabel(argument));
        foreach (var option in command.Options.Where(static o => o.Required && !o.Hidden))
            parts.Add($"{option.Name} {ValueLabel(option)}");
        parts.Add("[options]");
        return string.Join(' ', parts);
    }

    private static (string, string) OptionRow(Option option)
    {
        var names = option.Aliases.Where(static a => a.Length == 2).Append(option.Name);
        var value = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? "" : " " + ValueLabel(option);
        return (string.Join(", ", names) + value, option.Description ?? "");
    }

    private static string ValueLabel(Option option) => option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant();

    private static void Section(StringBuilder text, string title, IEnumerable<(string Left, string Right)> rows)
    {
        var all = rows.ToArray();
        if (all.Length == 0)
            return;
        var width = Math.Min(28, all.Max(static r => r.Left.Length));
        text.Append('\n').Append(title).Append(":\n");
        foreach (var (left, right) in all)
        {
            text.Append("  ").Append(left.PadRight(width));
            if (right.Length > 0)
                text.Append(left.Length > width ? "\n  " + new string(' ', width) : "").Append("  ").Append(right);
            text.Append('\n');
        }
    }
}
