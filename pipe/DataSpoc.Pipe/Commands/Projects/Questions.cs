using DataSpoc.Contracts.CommandLine;
using Spectre.Console;

namespace DataSpoc.Pipe.Commands.Projects;

/// <summary>Asks a person who sits at a terminal.</summary>
internal interface IQuestions
{
    /// <summary>A text; the usual answer where the person only presses enter.</summary>
    string Ask(string question, string usual);

    /// <summary>One of several.</summary>
    string Choose(string question, IReadOnlyList<(string Name, string About)> choices);

    /// <summary>Yes or no.</summary>
    bool Confirm(string question, bool usual);
}

/// <summary>Asks with Spectre's prompts, on stderr.</summary>
internal sealed class TerminalQuestions(CommandEnvironment environment) : IQuestions
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(environment.StandardError) });

    public string Ask(string question, string usual) => _console.Prompt(new TextPrompt<string>(Markup.Escape(question)) { AllowEmpty = true }.DefaultValue(usual));

    public string Choose(string question, IReadOnlyList<(string Name, string About)> choices)
    {
        var prompt = new SelectionPrompt<(string Name, string About)> { Title = Markup.Escape(question), PageSize = 15, Converter = choice => Markup.Escape($"{choice.Name,-20} {choice.About}") };
        return _console.Prompt(prompt.AddChoices(choices)).Name;
    }

    public bool Confirm(string question, bool usual) => _console.Prompt(new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = usual });
}

/// <summary>Asks line by line, where a terminal can do no more.</summary>
internal sealed class LineQuestions(CommandEnvironment environment) : IQuestions
{
    public string Ask(string question, string usual)
    {
        environment.StandardError.Write($"{question}{(usual.Length == 0 ? "" : $" [{usual}]")}: ");
        return environment.ReadLine()?.Trim() is { Length: > 0 } answer ? answer : usual;
    }

    public string Choose(string question, IReadOnlyList<(string Name, string About)> choices)
    {
        foreach (var (name, about) in choices)
            environment.StandardError.WriteLine($"  {name,-20} {about}");
        return Ask(question, choices[0].Name);
    }

    public bool Confirm(string question, bool usual) => Ask($"{question} (y/n)", usual ? "y" : "n") is "y" or "yes" or "Y";
}
