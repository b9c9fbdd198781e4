using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>A tap that runs: started without a shell, its stdin empty, its stderr drained, and ended for certain when this is disposed.</summary>
internal sealed partial class TapProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int NoSuchFile = 2;
    private const int NotPermitted = 13;

    private static readonly TimeSpan DrainAfterEnd = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly TapSettings settings;
    private readonly ErrorTail tail;
    private readonly Task draining;

    private TapProcess(Process process, TapSettings settings, Secrets secrets)
    {
        this.process = process;
        this.settings = settings;
        tail = new ErrorTail(secrets, settings.Log);
        draining = tail.DrainAsync(process.StandardError, CancellationToken.None);
    }

    /// <summary>The tap's stdout.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <exception cref="UserError">There is no such program, or it may not be run.</exception>
    public static TapProcess Start(TapSettings settings, IEnumerable<string> arguments, Secrets secrets)
    {
        var program = settings.Program.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetFullPath(settings.Program, settings.Folder) : settings.Program;
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = settings.Folder,
        };
        foreach (var argument in settings.Arguments.Concat(arguments))
            start.ArgumentList.Add(argument);
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return new TapProcess(process, settings, secrets);
        }
        catch (Win32Exception e) when (e.NativeErrorCode is NoSuchFile or NotPermitted)
        {
            throw new UserError($"`{settings.Program}` {(e.NativeErrorCode == NoSuchFile ? "was not found" : "cannot be executed")}", e)
            {
                Where = [("tap", settings.Command), ("folder", settings.Folder)],
                Hint = $"install it (for example `pipx install {settings.Name}`), or name it by its path",
                ExitCode = ExitCode.Usage,
            };
        }
    }

    /// <summary>Waits until the tap has ended.</summary>
    /// <exception cref="UserError">It ended with another exit code than 0.</exception>
    public async Task EndAsync(CancellationToken cancel)
    {
        await process.WaitForExitAsync(cancel);
        await DrainAsync();
        if (process.ExitCode != 0)
            throw Failure();
    }

    /// <summary>Whether the tap has ended, or does so within its grace, with another exit code than 0 of its own.</summary>
    public async Task<bool> FailsByItselfAsync()
    {
        using var limit = new CancellationTokenSource(settings.Grace);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        await DrainAsync();
        return process.ExitCode != 0;
    }

    /// <summary>What to tell of a tap that failed.</summary>
    public UserError Failure(Exception? inner = null) => new($"`{settings.Name}` {Ending()}{(tail.Critical is { } reason ? ": " + reason : "")}", inner)
    {
        Where = [("tap", settings.Command), .. tail.Lines.Select(line => ("stderr", line))],
        Hint = tail.Lines.Count == 0 ? "it said nothing on stderr: run it by hand with the same configuration" : null,
    };

    /// <summary>Tells the tap to end (SIGTERM).</summary>
    public void Stop()
    {
        if (process.HasExited)
            return;

        if (OperatingSystem.IsWindows())
            process.Kill(entireProcessTree: true);
        else
            _ = Kill(process.Id, Terminate);
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        using var limit = new CancellationTokenSource(settings.Grace);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await DrainAsync();
        process.Dispose();
    }

    private string Ending() => process.ExitCode > 128
        ? $"was ended by signal {process.ExitCode - 128}"
        : $"failed with exit code {process.ExitCode}";

    /// <summary>A child of the tap's may hold its stderr open; that is not waited for.</summary>
    private async Task DrainAsync()
    {
        try
        {
            await draining.WaitAsync(DrainAfterEnd);
        }
        catch (TimeoutException)
        {
            settings.Log?.Invoke($"{settings.Name} has ended, but its stderr is still open");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
