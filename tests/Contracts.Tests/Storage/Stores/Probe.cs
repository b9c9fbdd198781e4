using System.Diagnostics;
using DataSpoc.Contracts.Storage;

namespace Contracts.Tests.Storage.Stores;

/// <summary>Another process that uses a store (tests/StoreProbe).</summary>
internal static class Probe
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "StoreProbe");

    public static Task<ProcessResult> RunAsync(string command, BucketUri bucket, params string[] arguments) =>
        RunAsync(Path, [command, bucket.ToString(), .. arguments], new Dictionary<string, string?>());

    public static async Task<ProcessResult> RunAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        using var process = Start(file, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await errors);
    }

    public static Process Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // null: not set, whatever this process has
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>How a process ended and what it said.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
