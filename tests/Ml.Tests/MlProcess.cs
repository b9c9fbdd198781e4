using System.Text;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Ml.Commands;

namespace Ml.Tests;

/// <summary>A command of <c>ml</c> run inside the test.</summary>
/// <param name="ExitCode">As the process would end.</param>
/// <param name="Out">stdout.</param>
/// <param name="Error">stderr.</param>
internal sealed record MlProcess(int ExitCode, string Out, string Error)
{
    /// <summary>Runs <c>ml</c> with these arguments.</summary>
    public static Task<MlProcess> RunAsync(params string[] args) => RunAsync(null, TimeProvider.System, args);

    /// <summary>Runs <c>ml</c> over stores and with a clock of the test's own.</summary>
    public static async Task<MlProcess> RunAsync(StoreOpening? stores, TimeProvider time, params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var environment = new CommandEnvironment
        {
            OpenStandardInput = static _ => Stream.Null,
            StandardOutput = output,
            StandardError = error,
            Variable = static name => name is "USER" ? "tester" : Environment.GetEnvironmentVariable(name),
            WorkingFolder = Path.GetTempPath(),
            HomeFolder = Path.GetTempPath(),
            Time = time,
        };
        var code = await MlCommandLine.Create(stores).RunAsync(args, environment);
        return new(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>Runs <c>ml</c> and fails the test with what it said where it did not end well.</summary>
    public static async Task<MlProcess> SucceedAsync(params string[] args)
    {
        var run = await RunAsync(args);
        return run.ExitCode == 0 ? run : throw new InvalidOperationException($"ml {string.Join(' ', args)} ended with {run.ExitCode}:\n{run.Error}");
    }
}
