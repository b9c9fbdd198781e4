using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Platform.MockData.Tables;

/// <summary>A column as a Singer SCHEMA, a file and a database know it.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="JsonType">JSON Schema's type: <c>integer</c>, <c>number</c>, <c>string</c>, <c>boolean</c>.</param>
/// <param name="Nullable">Whether it may be null.</param>
/// <param name="Format">JSON Schema's format: <c>date-time</c>, <c>date</c>, or null.</param>
/// <param name="Digits">Of a number: digits after the point.</param>
internal sealed record MockColumn(string Name, string JsonType, bool Nullable = false, string? Format = null, int Digits = 0)
{
    public RowColumn ForRows => new(Name, JsonType switch
    {
        "integer" or "number" => RowColumnKind.Number,
        "boolean" => RowColumnKind.Boolean,
        _ => Format is null ? RowColumnKind.Text : RowColumnKind.Temporal,
    });
}

/// <summary>What a place that takes rows has to know of a table.</summary>
/// <param name="Name">For example <c>parcels</c>.</param>
/// <param name="Key">Its primary key.</param>
/// <param name="Columns">In order.</param>
internal sealed record TableShape(string Name, IReadOnlyList<string> Key, IReadOnlyList<MockColumn> Columns);

/// <summary>A column that the source gets one day.</summary>
internal sealed record LaterColumn<T>(MockColumn Column, Action<T, ICellWriter> Write);

/// <summary>A table of the network and how its rows are written.</summary>
/// <param name="Name">For example <c>parcels</c>.</param>
/// <param name="Key">Its primary key.</param>
/// <param name="Columns">In order.</param>
/// <param name="Write">Writes a row's cells, in the columns' order, without ending the row.</param>
internal sealed record MockTable<T>(string Name, IReadOnlyList<string> Key, IReadOnlyList<MockColumn> Columns, Action<T, ICellWriter> Write)
{
    public TableShape Shape => new(Name, Key, Columns);

    /// <summary>The table after it got more columns.</summary>
    public MockTable<T> With(IReadOnlyList<LaterColumn<T>> later) => later.Count == 0 ? this : this with
    {
        Columns = [.. Columns, .. later.Select(static l => l.Column)],
        Write = (row, cells) =>
        {
            Write(row, cells);
            foreach (var column in later)
                column.Write(row, cells);
        },
    };
}
