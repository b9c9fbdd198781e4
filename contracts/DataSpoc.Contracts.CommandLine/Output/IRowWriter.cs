namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>
/// Rows on their way to stdout, one cell after the other in column order, then <see cref="EndRow"/>. Nothing is kept but
/// a buffer (and, for a table, the rows its widths are measured from), so millions of rows stream. Not thread-safe.
/// Text is UTF-8. A write whose reader has gone throws <see cref="BrokenPipeException"/>.
/// </summary>
public interface IRowWriter : IDisposable
{
    /// <summary>The columns, in order.</summary>
    IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>Rows ended so far.</summary>
    long RowCount { get; }

    /// <summary>True once a table has shown as many rows as it may: reading on is of no use. The other formats have no limit.</summary>
    bool IsFull { get; }

    /// <summary>No value: <c>NULL</c> in a table, <c>null</c> in JSON, an empty field in CSV (an empty text is <c>""</c> there).</summary>
    void WriteNull();

    /// <summary><c>true</c> or <c>false</c>.</summary>
    void WriteBoolean(bool value);

    /// <summary>A whole number.</summary>
    void WriteInt64(long value);

    /// <summary>The shortest text that reads back as the same number; NaN and the infinities are strings in JSON, which has no such numbers.</summary>
    void WriteDouble(double value);

    /// <summary>A number whose text is already exact and a valid JSON number: a decimal, a 128-bit integer.</summary>
    void WriteNumber(ReadOnlySpan<byte> text);

    /// <summary>Text, or any value whose text is not a number: dates, times, UUIDs.</summary>
    void WriteString(ReadOnlySpan<byte> utf8);

    /// <summary>A nested value as valid JSON: put into JSON as it is, into the other formats as text.</summary>
    void WriteRawJson(ReadOnlySpan<byte> json);

    /// <summary>Ends the row; every column has had its cell.</summary>
    /// <exception cref="InvalidOperationException">Too few or too many cells: a bug of the caller.</exception>
    void EndRow();

    /// <summary>Writes out what is buffered, so that a person sees the rows so far.</summary>
    void Flush();

    /// <summary>Ends the output (closes the JSON array, draws the foot of the table). Needed exactly once, on success only.</summary>
    /// <param name="more">Whether the source had more rows than were written because <see cref="IsFull"/> was true.</param>
    void Complete(bool more = false);
}
