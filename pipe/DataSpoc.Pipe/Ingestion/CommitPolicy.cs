namespace DataSpoc.Pipe.Ingestion;

/// <summary>When a run that goes on for long commits on the way: at the first bookmark after so much time or so many bytes.</summary>
/// <param name="time">The clock.</param>
internal sealed class CommitPolicy(TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _rows;

    /// <summary>Time between two commits.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Staged bytes between two commits.</summary>
    public long Bytes { get; init; } = 1L << 30;

    public void Count(int rows) => _rows += rows;

    /// <summary>Whether to commit at this bookmark.</summary>
    public bool IsDue(long stagedBytes) => (_rows > 0 && time.GetElapsedTime(_since) >= Every) || stagedBytes >= Bytes;

    public void Reset() => (_since, _rows) = (time.GetTimestamp(), 0);
}
