namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>What a value is, whatever its column is declared as (SQLite, "Datatypes", storage classes).</summary>
internal enum SqliteKind
{
    Integer = 1,
    Real = 2,
    Text = 3,
    Blob = 4,
    Null = 5,
}
