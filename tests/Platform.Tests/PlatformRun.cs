using System.Text;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform;

namespace Platform.Tests;

/// <summary>What a command of <c>platform</c> ended with, run inside the test.</summary>
internal sealed record PlatformRun(int Exit, string Out, string Error)
{
    public static Task<PlatformRun> OfAsync(string folder, params string[] args) => OfAsync(folder, new Dictionary<string, string>(), args);

    /// <summary>As the other, with environment variables.</summary>
    public static async Task<PlatformRun> OfAsync(string folder, IReadOnlyDictionary<string, string> variables, string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var exit = await PlatformCommandLine.Create().RunAsync(args, new CommandEnvironment
        {
            OpenStandardInput = static _ => Stream.Null,
            StandardOutput = output,
            StandardError = error,
            Variable = name => variables.GetValueOrDefault(name),
            WorkingFolder = folder,
            HomeFolder = Path.Combine(folder, "home"),
        });
        return new(exit, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
