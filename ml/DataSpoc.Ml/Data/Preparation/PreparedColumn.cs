namespace DataSpoc.Ml.Data.Preparation;

/// <summary>A column of the table that the model uses, and how its values become features. Part of the model (features.json).</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Type">The type it had in training, in DuckDB's SQL spelling.</param>
/// <param name="Kind">Number, flag, category, moment or duration.</param>
/// <param name="Features">The names of its features in the model, one per <see cref="Parts"/> for a moment, one otherwise.</param>
internal sealed record PreparedColumn(string Name, string Type, ColumnKind Kind, IReadOnlyList<string> Features)
{
    /// <summary>Category: the values that have a code; the code is the position.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Category: whether every other value has the code after the last; otherwise it is missing.</summary>
    public bool Others { get; init; }

    /// <summary>Category: what is made of the text.</summary>
    public TextUse Use { get; init; }

    /// <summary>Category used by its <see cref="TextUse.Statistics"/>: what the target was for each value; null until it is known.</summary>
    public TargetStatistics? Statistics { get; init; }

    /// <summary>Moment: what is taken from it.</summary>
    public IReadOnlyList<MomentPart> Parts { get; init; } = [];
}

/// <summary>What is made of a text.</summary>
internal enum TextUse
{
    /// <summary>One of a set of values, by which trees split as sets.</summary>
    Categories,

    /// <summary>Counts of its words, in a place per hash, and their number.</summary>
    Words,

    /// <summary>What the target was for rows of the same value, and how many these were.</summary>
    Statistics,
}

/// <summary>What a date or a point in time is turned into. All in UTC.</summary>
internal enum MomentPart
{
    /// <summary>Days since 1970-01-01, with the time of day as fraction: how old it is.</summary>
    Days,

    /// <summary>1 to 12.</summary>
    Month,

    /// <summary>1 to 31.</summary>
    Day,

    /// <summary>Monday 1 to Sunday 7.</summary>
    Weekday,

    /// <summary>0 to 23.</summary>
    Hour,
}

/// <summary>A column that the model does not use.</summary>
/// <param name="Column">As in the table.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">In words, for a person.</param>
internal sealed record LeftOutColumn(string Column, LeftOutReason Reason, string Detail);

/// <summary>Why a column is not used.</summary>
internal enum LeftOutReason
{
    /// <summary>The user said so.</summary>
    Excluded,

    /// <summary>It names its row.</summary>
    Identifier,

    /// <summary>It has one value only.</summary>
    Constant,

    /// <summary>It has no value at all.</summary>
    Empty,

    /// <summary>Text in which hardly any value comes twice.</summary>
    Text,

    /// <summary>The folder a row was loaded into, not a property of what it describes.</summary>
    Partition,

    /// <summary>It orders, groups or weighs the rows.</summary>
    Role,

    /// <summary>Written by the extraction about itself.</summary>
    Bookkeeping,

    /// <summary>Of a type that has no features yet.</summary>
    Type,

    /// <summary>It alone tells the target, so it is likely known only afterwards.</summary>
    Leak,
}
