namespace DataSpoc.Contracts.DuckDb;

/// <summary>A span of time whose parts do not convert into each other.</summary>
/// <param name="Months">Months; years are 12 of them.</param>
/// <param name="Days">Days.</param>
/// <param name="Microseconds">The rest.</param>
public readonly record struct Interval(int Months, int Days, long Microseconds)
{
    /// <summary>As DuckDB writes it: <c>1 year 2 months 3 days 04:05:06.5</c>; <c>00:00:00</c> for nothing.</summary>
    public override string ToString() => Values.ValueText.Interval(this);
}
