namespace DataSpoc.Platform.MockData.Changes;

/// <summary>The kinds of rows of a simulated day.</summary>
internal enum ChangeKind
{
    /// <summary>A row that was not there.</summary>
    New,

    /// <summary>A row that has come on in the meantime: a parcel delivered, a customer gone.</summary>
    Updated,

    /// <summary>A new row of an earlier day.</summary>
    Late,

    /// <summary>A row that was wrong before.</summary>
    Corrected,

    /// <summary>A record that is none: a broken copy of a row.</summary>
    Dirty,

    /// <summary>A column that was not there; no row.</summary>
    NewColumn,
}

/// <summary>How files and tables of counts call them.</summary>
internal static class ChangeKindName
{
    public static string Name(this ChangeKind kind) => kind switch
    {
        ChangeKind.New => "new",
        ChangeKind.Updated => "updated",
        ChangeKind.Late => "late",
        ChangeKind.Corrected => "corrected",
        ChangeKind.Dirty => "dirty",
        ChangeKind.NewColumn => "new_column",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

/// <summary>One thing that was done on purpose.</summary>
/// <param name="Day">On which simulated day.</param>
/// <param name="Kind">What kind.</param>
/// <param name="Table">Where.</param>
/// <param name="Key">The row's key, null for a column.</param>
/// <param name="Column">Which column, null where it is the whole row.</param>
/// <param name="Value">What stands there now.</param>
internal sealed record Change(DateOnly Day, ChangeKind Kind, string Table, long? Key, string? Column = null, string? Value = null);

/// <summary>Counts what simulated days wrote, and hands on each single thing that was done on purpose.</summary>
/// <param name="each">Told of every one but new and updated rows.</param>
internal sealed class ChangeLog(Action<Change>? each = null)
{
    private readonly SortedDictionary<(ChangeKind Kind, string Table), long> _rows = [];

    /// <summary>Rows (or columns) per kind and table.</summary>
    public IReadOnlyDictionary<(ChangeKind Kind, string Table), long> Rows => _rows;

    public long Of(ChangeKind kind) => _rows.Where(r => r.Key.Kind == kind).Sum(static r => r.Value);

    public void Count(ChangeKind kind, string table) => _rows[(kind, table)] = _rows.GetValueOrDefault((kind, table)) + 1;

    public void Add(Change change)
    {
        Count(change.Kind, change.Table);
        each?.Invoke(change);
    }
}
