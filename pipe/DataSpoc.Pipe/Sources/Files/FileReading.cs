using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>What a person says of files that their names and first lines do not tell.</summary>
internal sealed record FileReading
{
    /// <summary>Nothing is said.</summary>
    public static FileReading Usual { get; } = new();

    /// <summary>What separates the fields of CSV; null: the ending or the first line tells.</summary>
    public string? Delimiter { get; init; }

    /// <summary>What quotes the fields of CSV; empty: nothing does.</summary>
    public string Quote { get; init; } = "\"";

    /// <summary>What comes before a quote inside a quoted field; null: the quote itself.</summary>
    public string? Escape { get; init; }

    /// <summary>What begins a line of CSV that is a comment and is left out; null: there are none, every line is data.</summary>
    public string? Comment { get; init; }

    /// <summary>utf-8, utf-16 or latin-1.</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>Texts of CSV that mean NULL; none: the empty one.</summary>
    public IReadOnlyList<string> NullStrings { get; init; } = [];

    /// <summary>How dates are written, as strptime says it: <c>%d.%m.%Y</c>; null: ISO 8601.</summary>
    public string? DateFormat { get; init; }

    /// <summary>How timestamps are written; null: ISO 8601.</summary>
    public string? TimestampFormat { get; init; }

    /// <summary>Types of columns, where those that are found are not wanted: <c>zip: string</c>, <c>amount: decimal(12,2)</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>The column that gets the file's path or address; null: none.</summary>
    public string? FileName { get; init; }

    /// <summary>The column that gets the record's number in its file, from 1; null: none.</summary>
    public string? RowNumber { get; init; }

    /// <summary>The columns of a file with their types as they are wanted.</summary>
    /// <exception cref="UserError">A type is none, or there is no such column (<see cref="ExitCode.Usage"/>).</exception>
    public IReadOnlyList<(string Name, LogicalType Type)> Typed(IReadOnlyList<(string Name, LogicalType Type)> columns)
    {
        foreach (var name in Types.Keys.Where(name => columns.All(column => column.Name != name)))
            throw new UserError($"the files have no column `{name}`, for which a type is given") { Where = [("columns", string.Join(", ", columns.Select(column => column.Name)))], Hint = "correct `types`", ExitCode = ExitCode.Usage };
        return [.. columns.Select(column => (column.Name, Types.TryGetValue(column.Name, out var type) ? TypeOf(column.Name, type) : column.Type))];
    }

    private static LogicalType TypeOf(string column, string text)
    {
        try
        {
            return text.Equals("string", StringComparison.OrdinalIgnoreCase) || text.Equals("text", StringComparison.OrdinalIgnoreCase) ? LogicalType.Varchar : StorageTypes.Stored(LogicalType.Parse(text));
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or DuckDbException)
        {
            throw new UserError($"`{text}` is not a type for `{column}`", fault) { Hint = "write bigint, decimal(12,2), double, string, date, timestamptz …", ExitCode = ExitCode.Usage };
        }
    }
}
