using System.CommandLine;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary><c>pipe completion bash</c>: a script that asks the tool itself what fits.</summary>
internal static class CompletionCommand
{
    public static ToolCommand Create(string tool)
    {
        var shell = new Argument<Shell>("shell") { Description = "bash, zsh or fish" };
        var command = new ToolCommand("completion", "Print the completion script of a shell")
        {
            Example = $"""source <({tool} completion bash)""",
            Handler = async context =>
            {
                await context.Out.WriteAsync(Script(tool, context.Value(shell)));
                return ExitCode.Done;
            },
        };
        command.Add(shell);
        return command;
    }

    private static string Script(string tool, Shell shell) => shell switch
    {
        Shell.Bash => $$"""
            # put into ~/.bashrc: source <({{tool}} completion bash)
            _{{tool}}_completion() {
                mapfile -t COMPREPLY < <({{tool}} "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            }
            complete -o default -F _{{tool}}_completion {{tool}}

            """,
        Shell.Zsh => $$"""
            # put into ~/.zshrc: source <({{tool}} completion zsh)
            _{{tool}}_completion() {
                local -a found
                found=("${(@f)$({{tool}} "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a found
                _files
            }
            compdef _{{tool}}_completion {{tool}}

            """,
        _ => $$"""
            # put into ~/.config/fish/completions/{{tool}}.fish: {{tool}} completion fish | source
            complete -c {{tool}} -a '({{tool}} "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'

            """,
    };
}

/// <summary>The shells that a completion script is known for.</summary>
internal enum Shell
{
    Bash,
    Zsh,
    Fish,
}
