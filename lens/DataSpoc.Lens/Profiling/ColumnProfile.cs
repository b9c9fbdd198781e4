namespace DataSpoc.Lens.Profiling;

/// <summary>What the values of a column are like.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">As SQL writes it.</param>
/// <param name="Shape">What can be said of values of its type.</param>
/// <param name="Rows">Rows of the table.</param>
/// <param name="Nulls">Rows in which it is NULL.</param>
internal sealed record ColumnProfile(string Name, string Type, ColumnShape Shape, long Rows, long Nulls)
{
    /// <summary>Different values, estimated to a few percent; null where the type has no such count.</summary>
    public long? Distinct { get; init; }

    public string? Min { get; init; }

    public string? Max { get; init; }

    /// <summary>Of numbers.</summary>
    public double? Mean { get; init; }

    /// <summary>Estimates of the values below which a quarter, half and three quarters lie; none where the type has no order of size.</summary>
    public IReadOnlyList<string> Quartiles { get; init; } = [];

    /// <summary>Counts in parts of equal width between the smallest and the largest finite value; none for texts.</summary>
    public IReadOnlyList<long> Histogram { get; init; } = [];

    /// <summary>The most frequent values and how often they occur.</summary>
    public IReadOnlyList<(string Value, long Count)> Top { get; init; } = [];
}

/// <summary>What can be said of a column's values.</summary>
internal enum ColumnShape
{
    /// <summary>Quartiles, mean, histogram.</summary>
    Number,

    /// <summary>Quartiles and histogram.</summary>
    Time,

    /// <summary>Most frequent values.</summary>
    Category,

    /// <summary>Nulls only: lists, structures, bytes.</summary>
    Other,
}
