using System.ComponentModel;
using System.Diagnostics;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Scheduling;

/// <summary>The program <c>crontab</c>, which keeps a person's crontab.</summary>
/// <param name="path">Where programs are looked for, or null for the process's own PATH.</param>
internal sealed class CrontabProgram(string? path)
{
    /// <summary>The crontab; empty where there is none.</summary>
    public async Task<string> ReadAsync(CancellationToken cancel)
    {
        var (code, output, error) = await RunAsync(["-l"], null, cancel);
        return code == 0 ? output : error.Contains("no crontab", StringComparison.OrdinalIgnoreCase) ? "" : throw Failed("read", code, error);
    }

    /// <summary>Replaces the crontab.</summary>
    public async Task WriteAsync(string crontab, CancellationToken cancel)
    {
        var (code, _, error) = await RunAsync(["-"], crontab, cancel);
        if (code != 0)
            throw Failed("changed", code, error);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, string? input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Find(), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output, await error);
        }
        catch (Win32Exception e)
        {
            throw new UserError("the program `crontab` cannot be run", e) { Hint = "install cron (`apt-get install cron`), or let `pipe schedule run` run in the foreground", ExitCode = ExitCode.Failed };
        }
    }

    private string Find() => path?.Split(':').Select(folder => Path.Combine(folder, "crontab")).FirstOrDefault(File.Exists) ?? "crontab";

    private static UserError Failed(string what, int code, string error) =>
        new($"the crontab could not be {what}: `crontab` ended with {code}") { Where = [("stderr", error.Trim())] };
}
