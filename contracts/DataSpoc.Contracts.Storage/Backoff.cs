namespace DataSpoc.Contracts.Storage;

/// <summary>Waiting after a lost race: exponential, with full jitter, at most half a second.</summary>
internal static class Backoff
{
    public static Task WaitAsync(int attempt, TimeProvider time, CancellationToken cancel)
    {
        var ceiling = Math.Min(500, 5 << Math.Min(attempt, 7));
        return Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, ceiling + 1)), time, cancel);
    }
}
