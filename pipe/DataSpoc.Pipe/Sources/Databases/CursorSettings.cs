namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>How a table's new rows are found.</summary>
/// <param name="Column">A column that only grows: rows that are new or changed have a greater value than those before.</param>
internal sealed record CursorSettings(string Column)
{
    /// <summary>
    /// How far behind the newest row transactions may still be writing: a duration (<c>10m</c>) for times, a number for numbers. Such rows are left for the next
    /// run, or, with <see cref="Overlap"/>, read now and again; in neither case are they missed. Null: none.
    /// </summary>
    public string? Lag { get; init; }

    /// <summary>Whether rows that come twice meet by key, so that the lag is read again instead of being waited for.</summary>
    public bool Overlap { get; init; }
}
