using System.Runtime.InteropServices;
using DataSpoc.Contracts.CommandLine.Terminal;

namespace DataSpoc.Contracts.CommandLine.Invocation;

/// <summary>Ctrl-C and SIGTERM: once asks the command to stop at its next safe point, twice ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly ErrorStream _stderr;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private Func<string>? _kept;
    private int _signals;

    public Interruption(ErrorStream stderr, bool catchSignals)
    {
        _stderr = stderr;
        if (!catchSignals)
            return;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
    }

    public CancellationToken Token => _source.Token;

    public bool Requested => _source.IsCancellationRequested;

    public void WhenInterrupted(Func<string> kept) => _kept = kept;

    /// <summary>What follows the word <c>interrupted</c>.</summary>
    public string Kept() => _kept is { } kept ? $": {kept()}" : "";

    public void Cancel()
    {
        if (Interlocked.Increment(ref _signals) > 1)
            SystemCalls.ExitNow((int)ExitCode.Interrupted);
        _stderr.Message("info", "", "", "stopping at the next safe point; Ctrl-C again ends at once");
        _source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Cancel();
    }
}
