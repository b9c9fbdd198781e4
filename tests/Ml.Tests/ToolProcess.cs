using System.Diagnostics;

namespace Ml.Tests;

/// <summary><c>ml</c> as a process of its own.</summary>
internal static class ToolProcess
{
    /// <summary>Starts <c>ml</c>, stdout and stderr redirected.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] args) => StartProgram("ml", environment, args);

    /// <summary>Likewise a program beside it.</summary>
    public static Process StartProgram(string program, IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program), args) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    /// <summary>Runs <c>ml</c> to its end.</summary>
    public static async Task<MlProcess> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        using var process = Start(environment, args);
        return await EndAsync(process);
    }

    /// <summary>Waits for the end of a process.</summary>
    public static async Task<MlProcess> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}
