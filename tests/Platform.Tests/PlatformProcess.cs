using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Platform.Tests;

/// <summary>The real <c>platform</c> program, started by its path, with pipes for its streams.</summary>
internal sealed class PlatformProcess : IDisposable
{
    private const int NoSuchProcess = 3;

    private readonly Process _process;
    private readonly Task<string> _error;

    private PlatformProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public StreamReader Out => _process.StandardOutput;

    public static string Program => Path.Combine(AppContext.BaseDirectory, "platform");

    public static PlatformProcess Start(string folder, params string[] args)
    {
        var start = new ProcessStartInfo(Program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        return new(Process.Start(start)!);
    }

    public static async Task<(int Exit, string Out, string Error)> RunAsync(string folder, CancellationToken cancel, params string[] args)
    {
        using var process = Start(folder, args);
        var output = await process.Out.ReadToEndAsync(cancel);
        var (exit, error) = await process.EndAsync(cancel);
        return (exit, output, error);
    }

    /// <summary>Sends a signal, which a process that has just ended does not get.</summary>
    public void Signal(PosixSignal signal)
    {
        if (Kill(_process.Id, signal == PosixSignal.SIGINT ? 2 : 15) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
            throw new InvalidOperationException("the signal could not be sent");
    }

    public async Task<(int Exit, string Error)> EndAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        return (_process.ExitCode, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
