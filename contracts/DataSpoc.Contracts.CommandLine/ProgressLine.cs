using DataSpoc.Contracts.CommandLine.Terminal;

namespace DataSpoc.Contracts.CommandLine;

/// <summary>
/// One piece of long work (a stream, a file, a training): a live line on a terminal, one line at its end elsewhere.
/// Counts may be reported from any thread. Disposed without <see cref="Done"/> it vanishes, because it failed.
/// </summary>
public sealed class ProgressLine : IDisposable
{
    private readonly ProgressDisplay _display;
    private long _amount;
    private long _bytes;

    internal ProgressLine(ProgressDisplay display, string what, string unit, long? total, bool totalIsBytes, long started)
    {
        _display = display;
        What = what;
        Unit = unit;
        Total = total;
        TotalIsBytes = totalIsBytes;
        Started = started;
    }

    /// <summary>What is worked on.</summary>
    public string What { get; }

    /// <summary>What is counted, in the plural: <c>rows</c>, <c>rounds</c>.</summary>
    public string Unit { get; }

    /// <summary>Counted so far.</summary>
    public long Amount => Interlocked.Read(ref _amount);

    /// <summary>Bytes so far; 0 where bytes are not counted.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal long? Total { get; }

    internal bool TotalIsBytes { get; }

    internal long Started { get; }

    /// <summary>Adds to what was counted.</summary>
    public void Advance(long amount, long bytes = 0)
    {
        Interlocked.Add(ref _amount, amount);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Says how far it is in all.</summary>
    public void Report(long amount, long bytes = 0)
    {
        Interlocked.Exchange(ref _amount, amount);
        Interlocked.Exchange(ref _bytes, bytes);
    }

    /// <summary>Ends it: leaves one line with counts, time and rate, and what is to be said besides.</summary>
    public void Done(string? note = null) => _display.End(this, note);

    /// <inheritdoc/>
    public void Dispose() => _display.Remove(this);
}
