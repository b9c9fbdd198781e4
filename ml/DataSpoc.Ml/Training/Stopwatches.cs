namespace DataSpoc.Ml.Training;

/// <summary>Measures how long what took.</summary>
internal sealed class Stopwatches(TimeProvider time)
{
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);

    /// <summary>Seconds by name.</summary>
    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    /// <summary>Does something and remembers how long it took.</summary>
    public T Measure<T>(string what, Func<T> work)
    {
        var started = time.GetTimestamp();
        var done = work();
        _seconds[what] = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3);
        return done;
    }
}
