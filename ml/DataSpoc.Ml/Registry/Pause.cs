namespace DataSpoc.Ml.Registry;

/// <summary>Waits after a lost race: a random time that grows with the attempts, at most half a second.</summary>
internal static class Pause
{
    /// <summary>Waits.</summary>
    /// <param name="attempt">Races lost before this one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public static Task AfterLostRaceAsync(int attempt, TimeProvider time, CancellationToken cancel) =>
        Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, Math.Min(500, 5 << Math.Min(attempt, 7)) + 1)), time, cancel);
}
