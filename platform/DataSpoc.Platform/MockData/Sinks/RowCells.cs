using System.Globalization;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Sinks;

/// <summary>Cells as text: for CSV, JSON and Singer.</summary>
internal sealed class RowCells(IRowWriter row) : ICellWriter
{
    public long Rows => row.RowCount;

    public void WriteNull() => row.WriteNull();

    public void WriteFlag(bool value) => row.WriteBoolean(value);

    public void WriteWhole(long value) => row.WriteInt64(value);

    public void WriteNumber(double value, int digits)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, digits switch { 1 => "F1", 2 => "F2", 3 => "F3", _ => "F5" }, CultureInfo.InvariantCulture);
        row.WriteNumber(text[..length]);
    }

    public void WriteText(string value) => row.WriteString(value);

    public void WriteDay(DateOnly value) => Write(value, "yyyy-MM-dd");

    public void WriteTime(DateTime value) => Write(value, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    public void EndRow() => row.EndRow();

    private void Write<T>(T value, string format)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        row.WriteString(text[..length]);
    }
}
