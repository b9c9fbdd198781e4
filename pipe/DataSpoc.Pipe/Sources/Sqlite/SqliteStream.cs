using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>A table that was chosen, and how it is read.</summary>
/// <param name="Table">The table.</param>
/// <param name="Schema">How its rows are announced.</param>
/// <param name="Readers">Per column.</param>
/// <param name="Cursor">The column by which new rows are found, or null.</param>
internal sealed record SqliteStream(SqliteTable Table, StreamSchema Schema, IReadOnlyList<ColumnReader> Readers, string? Cursor)
{
    private static readonly HashSet<string> Reserved = [DataFileName.PartitionColumn];

    /// <exception cref="UserError">The settings name a column or a type that there is not (<see cref="ExitCode.Usage"/>).</exception>
    public static SqliteStream Of(SqliteConnection database, SqliteTable table, DatabaseSettings settings, string where)
    {
        var columns = table.Columns;
        var readers = columns.Select(column => new ColumnReader(column, TypeOf(database, table, column, settings))).ToArray();
        var names = FieldNames.Assign([.. columns.Select(column => column.Name)], Reserved);
        var cursor = settings.CursorOf([table.Name], columns.Select(column => column.Name));
        if (cursor is { Lag: not null })
            throw new UserError($"`{table.Name}` is of SQLite, where rows do not come late: there is one writer at a time") { Where = [("source", where)], Hint = "leave `lag` out", ExitCode = ExitCode.Usage };
        if (cursor is not null && columns.All(column => column.Name != cursor.Column))
            throw new UserError($"`{table.Name}` has no column `{cursor.Column}` to be its cursor") { Where = [("source", where), ("stream", table.Name)], Hint = $"its columns are {string.Join(", ", columns.Take(12).Select(column => $"`{column.Name}`"))}", ExitCode = ExitCode.Usage };
        var key = columns.Where(column => column.KeyPlace > 0).OrderBy(column => column.KeyPlace).ToArray();
        return new(
            table,
            new(table.Name, [.. columns.Select((column, i) => new StreamColumn(names[i], readers[i].Type, column.KeyPlace == 0) { SourceName = column.Name })], [.. key.Select(column => names[columns.ToList().IndexOf(column)])]),
            readers,
            cursor?.Column);
    }

    public DiscoveredStream Discovered() => new(Schema, Table.IsView ? "view" : "table")
    {
        Cursor = Cursor,
        CursorCandidates = [.. Readers.Where(reader => reader.Type.Kind is LogicalKind.BigInt or LogicalKind.Date or LogicalKind.Timestamp).Select(reader => reader.Column.Name)],
    };

    // what is declared as nothing, or as something SQLite does not know, is what its values are
    private static LogicalType TypeOf(SqliteConnection database, SqliteTable table, SqliteColumn column, DatabaseSettings settings) =>
        settings.TypeOf([table.Name], column.Name) is { } wanted ? ColumnTypes.OfWish(wanted, column.Name)
        : ColumnTypes.OfDeclaration(column.Declared) ?? ColumnTypes.OfValues([.. database.Rows($"SELECT DISTINCT typeof({Sql.Identifier(column.Name)}) FROM {Sql.Identifier(table.Name)}", 1).Select(row => row[0]!)]);
}
