using System.CommandLine;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>Answers <c>[suggest:N] "command line"</c>, which the shell completion scripts ask.</summary>
internal static class Suggestions
{
    public static async Task<int> WriteAsync(ParseResult parsed, CommandEnvironment environment)
    {
        await using var stdout = new StreamWriter(environment.StandardOutput, new UTF8Encoding(false), leaveOpen: true);
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = stdout, Error = environment.StandardError, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }
}
