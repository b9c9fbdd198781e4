namespace DataSpoc.Pipe.Ingestion;

/// <summary>When a run that goes on for long commits on the way: at the first bookmark after so much time or so many bytes.</summary>
/// <param name="time">The clock.</param>
internal sealed class CommitPolicy(TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _rows;
    private (long Rows, bool Answer) _full;

    /// <summary>Time between two commits.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Staged bytes between two commits.</summary>
    public long Bytes { get; init; } = 1L << 30;

    public void Count(int rows) => _rows += rows;

    /// <summary>Whether rows came since the last commit.</summary>
    public bool HasRows => _rows > 0;

    /// <summary>Whether to commit at this bookmark.</summary>
    /// <param name="stagedBytes">Tells what is staged; asked only after more rows came.</param>
    public bool IsDue(Func<long> stagedBytes)
    {
        if (time.GetElapsedTime(_since) >= Every)
            return true;
        if (_rows != _full.Rows)
            _full = (_rows, stagedBytes() >= Bytes);
        return _full.Answer;
    }

    public void Reset() => (_since, _rows, _full) = (time.GetTimestamp(), 0, default);
}
