namespace DataSpoc.Contracts.Storage;

/// <summary>How several store calls run at once.</summary>
internal static class Concurrency
{
    /// <summary>At most <paramref name="calls"/> at once, on the caller's scheduler (which lets a test decide the interleaving).</summary>
    public static ParallelOptions Of(int calls, CancellationToken cancel) => new() { MaxDegreeOfParallelism = calls, CancellationToken = cancel, TaskScheduler = null };
}
