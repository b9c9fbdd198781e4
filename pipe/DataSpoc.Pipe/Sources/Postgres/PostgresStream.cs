using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Layout;
using DataSpoc.Pipe.Sources.Databases;
using DataSpoc.Pipe.Sources.Postgres.Catalog;
using DataSpoc.Pipe.Sources.Shapes;

namespace DataSpoc.Pipe.Sources.Postgres;

/// <summary>A table that was chosen, and how it is read.</summary>
/// <param name="Table">The table.</param>
/// <param name="Schema">How its rows are announced; without columns where it has none that may be read.</param>
/// <param name="Readings">Per column of the schema how it is read.</param>
internal sealed record PostgresStream(PostgresTable Table, StreamSchema Schema, IReadOnlyList<ColumnReading> Readings)
{
    private static readonly HashSet<string> Reserved = [DataFileName.PartitionColumn];
    private static readonly string[] Ordered = ["int2", "int4", "int8", "date", "timestamp", "timestamptz"];

    /// <summary>By which column new rows are found; null: the table is read whole.</summary>
    public CursorSettings? Cursor { get; init; }

    /// <summary>The type of the cursor's column: <c>timestamptz</c>.</summary>
    public string CursorType { get; init; } = "";

    /// <summary>Whether the cursor's column may be NULL.</summary>
    public bool CursorNullable { get; init; }

    /// <summary>Columns that could be the cursor.</summary>
    public IReadOnlyList<string> CursorCandidates { get; init; } = [];

    /// <summary>Why it cannot be read, or null.</summary>
    public UserError? Unreadable { get; init; }

    /// <summary>Columns that this user may not read, while it may read others.</summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];

    public string Name => Schema.Stream;

    /// <exception cref="UserError">The settings name a column or a type that there is not (<see cref="ExitCode.Usage"/>).</exception>
    public static PostgresStream Of(PostgresTable table, IReadOnlyDictionary<long, PostgresType> types, DatabaseSettings settings, string where)
    {
        var readable = table.Columns.Where(column => column.IsReadable).ToArray();
        // of a table that may not be read at all the columns are known all the same
        var columns = readable.Length > 0 ? readable : [.. table.Columns];
        var mapping = new ColumnMapping(types, settings.OutOfRange);
        var readings = columns.Select(column => mapping.Read(column, settings.TypeOf(table.Names, column.Name))).ToArray();
        var names = FieldNames.Assign([.. columns.Select(column => column.Name)], Reserved);
        var byName = columns.Zip(names).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
        var schema = new StreamSchema(
            table.Stream,
            [.. columns.Select((column, i) => new StreamColumn(names[i], readings[i].Decoder.Type, !table.Key.Contains(column.Name)) { SourceName = column.Name })],
            [.. table.Key.Select(column => byName[column])]);
        var cursor = settings.CursorOf(table.Names, columns.Select(column => column.Name));
        var own = cursor is null ? null : Array.Find(columns, column => column.Name == cursor.Column) ?? throw new UserError($"`{table.Stream}` has no column `{cursor.Column}` to be its cursor")
        {
            Where = [("source", where), ("stream", table.Stream)],
            Hint = $"its columns are {string.Join(", ", columns.Take(12).Select(column => $"`{column.Name}`"))}",
            ExitCode = ExitCode.Usage,
        };
        return new(table, schema, readings)
        {
            Cursor = cursor,
            CursorType = own is null ? "" : TypeName(own.Type, types),
            CursorNullable = own is { NotNull: false },
            CursorCandidates = [.. columns.Where(column => Ordered.Contains(TypeName(column.Type, types))).Select(column => column.Name)],
            Unreadable = UnreadableOf(table, readable.Length, where),
            Withheld = [.. table.Columns.Where(column => !column.IsReadable && readable.Length > 0).Select(column => column.Name)],
        };
    }

    /// <summary>As <c>pipe discover</c> shows it.</summary>
    public DiscoveredStream Discovered() => new(Schema, Table.KindName)
    {
        EstimatedRows = Table.Parts.Count > 0 && Table.Parts.All(part => part.Rows >= 0) ? Table.Parts.Sum(part => part.Rows) : null,
        EstimatedBytes = Table.Parts.Count > 0 ? Table.Parts.Sum(part => part.Bytes) : null,
        Cursor = Cursor?.Column,
        CursorCandidates = CursorCandidates,
        Unreadable = Unreadable,
    };

    private static UserError? UnreadableOf(PostgresTable table, int readable, string where)
    {
        (string, string)[] place = [("source", where), ("stream", table.Stream)];
        if (readable == 0 && table.Columns.Count > 0)
            return new($"`{table.Stream}` may not be read by this user") { Where = place, Hint = $"grant SELECT on it, or leave it out: `!{table.Stream}` among the streams" };
        return table.IsPopulated ? null : new($"`{table.Stream}` is a materialized view that has not been populated") { Where = place, Hint = "REFRESH MATERIALIZED VIEW fills it" };
    }

    private static string TypeName(long oid, IReadOnlyDictionary<long, PostgresType> types) => types.GetValueOrDefault(oid) switch
    {
        { Kind: 'd' } domain => TypeName(domain.Inner, types),
        { } type => type.Name,
        null => "",
    };
}
