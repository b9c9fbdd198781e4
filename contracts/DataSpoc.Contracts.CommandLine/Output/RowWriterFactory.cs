namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Makes the writer of a format; <see cref="CommandContext.Rows"/> is the way commands get theirs.</summary>
public static class RowWriterFactory
{
    /// <summary>Rows in a format, to any stream (<c>--export</c> writes files by the same writers).</summary>
    /// <param name="destination">Written to in large pieces; not closed.</param>
    /// <param name="format">The format.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="table">How a table looks; ignored by the other formats.</param>
    public static IRowWriter Create(Stream destination, OutputFormat format, IReadOnlyList<RowColumn> columns, TableStyle? table = null) => format switch
    {
        OutputFormat.Table => new TableRowWriter(destination, columns, table ?? new()),
        OutputFormat.Json => new JsonRowWriter(destination, columns, array: true),
        OutputFormat.Ndjson => new JsonRowWriter(destination, columns, array: false),
        OutputFormat.Csv => new CsvRowWriter(destination, columns),
        OutputFormat.Markdown => new MarkdownRowWriter(destination, columns),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "not an output format"),
    };
}
