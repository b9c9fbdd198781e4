using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Parquet;

namespace DataSpoc.Pipe.Sources.Files;

/// <summary>What DuckDB's sniffer finds in one CSV file, so that whoever reads the file need not have it looked through again.</summary>
/// <param name="Columns">The columns and the types found for them.</param>
/// <param name="DateFormat">How dates are written; null: ISO 8601.</param>
/// <param name="TimestampFormat">How timestamps are written; null: ISO 8601.</param>
internal sealed record SniffedCsv(IReadOnlyList<(string Name, LogicalType Type)> Columns, string? DateFormat, string? TimestampFormat)
{
    // what the sniffer calls the format where it needs none
    private const string IsoDate = "%Y-%m-%d";

    /// <summary>Looks through the first rows of a file.</summary>
    /// <param name="connection">Where it is looked at.</param>
    /// <param name="path">A local file.</param>
    /// <param name="options">What is known of it, as options of <c>read_csv</c>.</param>
    /// <exception cref="DuckDbException">It is not CSV of that form.</exception>
    public static SniffedCsv Of(Connection connection, string path, IEnumerable<string> options)
    {
        var columns = new List<(string Name, LogicalType Type)>();
        using var found = connection.Query($"SELECT found.name, found.type, DateFormat, TimestampFormat FROM (SELECT unnest(Columns) AS found, * FROM sniff_csv({Sql.Literal(GlobPath.Literal(path))}, {string.Join(", ", options)}))");
        string? dates = null, timestamps = null;
        while (found.NextChunk())
            for (var row = 0; row < found.Chunk.Count; row++)
            {
                columns.Add((found.GetText(0, row)!, LogicalType.Parse(found.GetText(1, row)!)));
                (dates, timestamps) = (found.GetText(2, row), found.GetText(3, row));
            }
        return new(columns, dates is null or "" or IsoDate ? null : dates, string.IsNullOrEmpty(timestamps) ? null : timestamps);
    }

    /// <summary>The options of <c>read_csv</c> that say what was found, but for the columns. What ends a line is left to the reader: told <c>\r\n</c>, DuckDB 1.5 gives no rows of a file whose last line has no end.</summary>
    /// <param name="reading">What a person said of it, which is said already.</param>
    public IEnumerable<string> Form(FileReading reading)
    {
        yield return "auto_detect = false";
        if (reading.DateFormat is null && DateFormat is not null)
            yield return $"dateformat = {Sql.Literal(DateFormat)}";
        if (reading.TimestampFormat is null && TimestampFormat is not null)
            yield return $"timestampformat = {Sql.Literal(TimestampFormat)}";
    }
}
