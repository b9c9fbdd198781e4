namespace DataSpoc.Ml.Reporting;

/// <summary>An axis: its ends, and round figures between them.</summary>
/// <param name="Low">Where it begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="Ticks">Round figures, ascending.</param>
internal sealed record PlotScale(double Low, double High, IReadOnlyList<double> Ticks)
{
    private const int Parts = 5;
    private static readonly int[] Factors = [1, 2, 5, 10];

    /// <summary>From 0 to 1.</summary>
    public static PlotScale Unit { get; } = new(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]);

    /// <summary>Where a value lies, 0 to 1.</summary>
    public double Place(double value) => (value - Low) / (High - Low);

    /// <summary>From the least value to the greatest; the steps are 1, 2 or 5 of a power of ten.</summary>
    public static PlotScale Of(IEnumerable<double> values)
    {
        var all = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (all.Min(), all.Max());
        if (high <= low)
            (low, high) = (low - Math.Max(0.5, Math.Abs(low) / 2), high + Math.Max(0.5, Math.Abs(high) / 2));
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / Parts)));
        var step = Factors.Select(factor => factor * power).First(s => (high - low) / s <= Parts);
        var first = (long)Math.Ceiling(low / step - 1e-9);
        var last = (long)Math.Floor(high / step + 1e-9);
        // a multiple of 0.1 is rounded: 3 × 0.1 is 0.30000000000000004
        return new(low, high, [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))]);
    }
}
