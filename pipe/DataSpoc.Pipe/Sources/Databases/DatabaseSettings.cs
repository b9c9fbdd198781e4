namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>What is read of a database, and how.</summary>
internal sealed record DatabaseSettings
{
    /// <summary>Names and globs of tables (<see cref="StreamPatterns"/>); empty: every table.</summary>
    public IReadOnlyCollection<string> Streams { get; init; } = [];

    /// <summary>Whether runs go on where the last one stopped, where a table has a cursor.</summary>
    public bool Incremental { get; init; }

    /// <summary>The cursor of tables that <see cref="Cursors"/> does not name and that have its column; null: they are read whole.</summary>
    public CursorSettings? Cursor { get; init; }

    /// <summary>Cursors by table, under the names of <see cref="StreamPatterns"/>.</summary>
    public IReadOnlyDictionary<string, CursorSettings> Cursors { get; init; } = new Dictionary<string, CursorSettings>();

    /// <summary>Types of columns, <c>table.column</c> → <c>text</c>, <c>json</c>, <c>double</c> or <c>decimal(p,s)</c>, where the rule's are not wanted.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>What becomes of values that no column can hold.</summary>
    public OutOfRange OutOfRange { get; init; }

    /// <summary>Connections that read one table at once.</summary>
    public int Readers { get; init; } = 1;

    /// <summary>Rows of each table at most, for a look; null: all, with bookmarks.</summary>
    public int? RowLimit { get; init; }

    /// <summary>Where the last run stopped, or empty.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Whether the tables that are read begin anew, whatever the bookmark says of them.</summary>
    public bool Anew { get; init; }

    /// <summary>The cursor for a table, or null: it is read whole.</summary>
    /// <param name="names">The names under which it may be written.</param>
    /// <param name="columns">The columns it has.</param>
    public CursorSettings? CursorOf(IReadOnlyList<string> names, IEnumerable<string> columns)
    {
        if (!Incremental)
            return null;
        foreach (var name in names)
            if (Cursors.GetValueOrDefault(name) is { } own)
                return own;
        return Cursor is { } common && columns.Contains(common.Column) ? common : null;
    }

    /// <summary>The type that was asked for a column, or null.</summary>
    public string? TypeOf(IReadOnlyList<string> names, string column)
    {
        foreach (var name in names)
            if (Types.GetValueOrDefault($"{name}.{column}") is { } type)
                return type;
        return null;
    }
}
