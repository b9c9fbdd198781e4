namespace DataSpoc.Contracts.Storage;

/// <summary>Waiting after a lost race: exponential, with full jitter, at most half a second.</summary>
internal static class Backoff
{
    // some two minutes: with so many losses in a row nobody wins, as with a server that answers 412 to the ETag it gave itself
    private const int MostLosses = 500;

    /// <param name="attempt">Races lost before, from 0.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Stops the waiting.</param>
    /// <exception cref="UserError">Too many were lost.</exception>
    public static Task WaitAsync(int attempt, TimeProvider time, CancellationToken cancel)
    {
        if (attempt >= MostLosses)
        {
            throw new UserError($"the bucket refused {MostLosses} conditional writes in a row")
            {
                Hint = "does its server keep conditional writes (If-Match, If-None-Match)? Ceph 16 does not in a bucket with versioning: turn versioning off",
            };
        }
        var ceiling = Math.Min(500, 5 << Math.Min(attempt, 7));
        return Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, ceiling + 1)), time, cancel);
    }
}
