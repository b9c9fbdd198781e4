using System.Globalization;
using System.Text;

namespace DataSpoc.Ml.Serving;

/// <summary>Counts for <c>/metrics</c>, in Prometheus' text format. For many threads at once.</summary>
internal sealed class ServingFigures
{
    private static readonly double[] Bounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private long _microseconds;
    private long _refused;
    private long _swaps;
    private long _shadowed;
    private long _shadowFailed;
    private double _shadowDifference;
    private readonly SortedDictionary<string, long> _missed = new(StringComparer.Ordinal);
    private long _logged;
    private long _logDropped;
    private readonly Lock _gate = new();

    /// <summary>A request was answered.</summary>
    public void Answered(TimeSpan took)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && took.TotalSeconds > Bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Interlocked.Add(ref _microseconds, (long)took.TotalMicroseconds);
    }

    /// <summary>A request was refused.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>Another version answers.</summary>
    public void Swapped() => Interlocked.Increment(ref _swaps);

    /// <summary>The shadow answered.</summary>
    public void Shadowed(double difference)
    {
        lock (_gate)
        {
            _shadowed++;
            _shadowDifference += difference;
        }
    }

    /// <summary>A feature view knew nothing of a row.</summary>
    public void ViewMissed(string view)
    {
        lock (_gate)
            _missed[view] = _missed.GetValueOrDefault(view) + 1;
    }

    /// <summary>The shadow could not take a row.</summary>
    public void ShadowFailed() => Interlocked.Increment(ref _shadowFailed);

    /// <summary>Answered rows were written to the bucket.</summary>
    public void Logged(int rows) => Interlocked.Add(ref _logged, rows);

    /// <summary>Answered rows were not kept for the bucket: too many wait, or its table refuses them.</summary>
    public void LogDropped(int rows) => Interlocked.Add(ref _logDropped, rows);

    /// <summary>The page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">The version that answers.</param>
    public string Text(string model, int version)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
        Line("# HELP ml_request_duration_seconds How long answered requests took.");
        Line("# TYPE ml_request_duration_seconds histogram");
        var sum = 0L;
        for (var i = 0; i < Bounds.Length; i++)
            Line(string.Create(CultureInfo.InvariantCulture, $"ml_request_duration_seconds_bucket{{le=\"{Bounds[i]}\"}} {sum += Interlocked.Read(ref _buckets[i])}"));
        sum += Interlocked.Read(ref _buckets[^1]);
        Line(string.Create(CultureInfo.InvariantCulture, $"ml_request_duration_seconds_bucket{{le=\"+Inf\"}} {sum}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"ml_request_duration_seconds_sum {Interlocked.Read(ref _microseconds) / 1e6}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"ml_request_duration_seconds_count {sum}"));
        Counter("ml_requests_refused_total", "Requests that were refused.", Interlocked.Read(ref _refused));
        Counter("ml_model_swaps_total", "How often another version began to answer.", Interlocked.Read(ref _swaps));
        lock (_gate)
        {
            Counter("ml_shadow_answers_total", "Answers that the shadow was compared by.", _shadowed);
            Counter("ml_shadow_difference_total", "The sum of differences between the shadow's answers and those served.", _shadowDifference);
        }
        Counter("ml_shadow_failures_total", "Rows that the shadow could not take.", Interlocked.Read(ref _shadowFailed));
        Counter("ml_logged_rows_total", "Answered rows that were written to the bucket.", Interlocked.Read(ref _logged));
        Counter("ml_log_dropped_rows_total", "Answered rows that were not kept for the bucket.", Interlocked.Read(ref _logDropped));
        lock (_gate)
            foreach (var (i, (view, rows)) in _missed.Index())
            {
                if (i == 0)
                    Line("# HELP ml_view_misses_total Rows that a feature view knew nothing of.\n# TYPE ml_view_misses_total counter");
                Line(string.Create(CultureInfo.InvariantCulture, $"ml_view_misses_total{{view=\"{view}\"}} {rows}"));
            }
        Line("# HELP ml_model_info The version that answers.");
        Line("# TYPE ml_model_info gauge");
        Line(string.Create(CultureInfo.InvariantCulture, $"ml_model_info{{model=\"{model}\",version=\"{version}\"}} 1"));
        return text.ToString();

        void Counter(string name, string help, double value)
        {
            Line($"# HELP {name} {help}");
            Line($"# TYPE {name} counter");
            Line(string.Create(CultureInfo.InvariantCulture, $"{name} {value}"));
        }
    }
}
