namespace DataSpoc.Ml.Data.Profiling;

/// <summary>What is known of a column before it becomes numbers, over the rows that will be learned from.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Type">DuckDB's SQL spelling.</param>
/// <param name="Kind">How it can become numbers.</param>
/// <param name="Present">Rows with a value.</param>
/// <param name="Missing">Rows without one.</param>
internal sealed record ColumnProfile(string Name, string Type, ColumnKind Kind, long Present, long Missing)
{
    /// <summary>Different values, estimated to a few per cent; exact where <see cref="AllDiffer"/> was decided.</summary>
    public long Distinct { get; init; }

    /// <summary>Whether all values that are present are the same one.</summary>
    public bool OneValue { get; init; }

    /// <summary>Whether no value occurs twice; exact.</summary>
    public bool AllDiffer { get; init; }

    /// <summary>Whether some moment is not midnight UTC.</summary>
    public bool TimeOfDay { get; init; }

    /// <summary>Whether it has no value in any of the rows without a target, of which there are enough to tell.</summary>
    public bool OnlyWithTarget { get; init; }

    /// <summary>Moment: whether it lies after the row's own time in most rows.</summary>
    public bool LaterThanRow { get; init; }

    /// <summary>Category: words per value, on average, as blanks tell; 0 without values.</summary>
    public double Words { get; init; }

    /// <summary>Category: the most frequent values, at most <see cref="MostCategories"/>, most frequent first, ties in ordinal order.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Category: whether there are more values than <see cref="Categories"/> names.</summary>
    public bool MoreCategories { get; init; }

    /// <summary>Categories that get a code of their own; with the code for all rarer ones a column still fits 256 bins.</summary>
    public const int MostCategories = 254;
}
