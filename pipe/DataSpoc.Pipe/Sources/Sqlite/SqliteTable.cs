namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>A column.</summary>
/// <param name="Name">Any text.</param>
/// <param name="Declared">The type as it is declared; empty where none is.</param>
/// <param name="KeyPlace">Its place in the primary key from 1; 0 where it is not of it.</param>
internal sealed record SqliteColumn(string Name, string Declared, int KeyPlace);

/// <summary>A table or view.</summary>
/// <param name="Name">Any text.</param>
/// <param name="IsView">Whether it is a view.</param>
internal sealed record SqliteTable(string Name, bool IsView)
{
    public IReadOnlyList<SqliteColumn> Columns { get; init; } = [];
}
