using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Lens.Sql;

/// <summary>The copying of parts of distant files as a line on stderr, from the first byte on.</summary>
internal sealed class CopyProgress(Progress progress) : IDisposable
{
    private readonly Lock _lock = new();
    private ProgressLine? _line;

    /// <summary>Bytes copied so far.</summary>
    public long Bytes { get; private set; }

    public void Advance(long bytes)
    {
        lock (_lock)
        {
            Bytes += bytes;
            _line ??= progress.Begin("copying", "parts");
            _line.Advance(1, bytes);
        }
    }

    public void Dispose() => _line?.Dispose();
}
