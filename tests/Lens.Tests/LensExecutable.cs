using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Lens.Tests;

/// <summary><c>lens</c> as a process of its own.</summary>
internal sealed partial class LensExecutable : IDisposable
{
    private const int Interrupt = 2;
    private readonly Process _process;
    private readonly Task<string> _error;

    private LensExecutable(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public StreamReader Out => _process.StandardOutput;

    /// <summary>Starts it.</summary>
    /// <param name="environment">Variables besides those of the test.</param>
    /// <param name="args">The command line.</param>
    public static LensExecutable Start(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "lens"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    public static async Task<Outcome> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        using var lens = Start(environment, args);
        return await lens.EndAsync();
    }

    /// <summary>Ctrl-C.</summary>
    public void PressCtrlC() => Assert.Equal(0, Kill(_process.Id, Interrupt));

    /// <summary>Reads what is left and waits for its end.</summary>
    public async Task<Outcome> EndAsync()
    {
        var output = await Out.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return new(_process.ExitCode, output, await _error);
    }

    /// <summary>Waits for its end where stdout has been closed.</summary>
    public async Task<(int Exit, string Error)> EndWithoutOutputAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
