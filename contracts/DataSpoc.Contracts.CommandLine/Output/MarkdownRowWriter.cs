using System.Buffers;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>A GitHub table (GFM §4.10): pipes and backslashes escaped, line ends as <c>&lt;br&gt;</c>, markup characters escaped.</summary>
internal sealed class MarkdownRowWriter : IRowWriter
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("|\\`*_[]<>&\r\n"u8);
    private readonly OutputBuffer _out;
    private CellCounter _cells;
    private bool _headerWritten;

    public MarkdownRowWriter(Stream stdout, IReadOnlyList<RowColumn> columns)
    {
        Columns = columns;
        _out = new(stdout);
        _cells = new(columns.Count);
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public long RowCount => _cells.Rows;

    public bool IsFull => false;

    public void WriteNull()
    {
        Next();
        _out.Append("*NULL*"u8);
    }

    public void WriteBoolean(bool value)
    {
        Next();
        _out.Append(value ? "true"u8 : "false"u8);
    }

    public void WriteInt64(long value)
    {
        Next();
        _out.Append(value);
    }

    public void WriteDouble(double value)
    {
        Next();
        _out.Append(value);
    }

    public void WriteNumber(ReadOnlySpan<byte> text)
    {
        Next();
        _out.Append(text);
    }

    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        Next();
        Escaped(utf8);
    }

    public void WriteRawJson(ReadOnlySpan<byte> json) => WriteString(json);

    public void EndRow()
    {
        _cells.EndRow();
        _out.Append(" |\n"u8);
        _out.FlushIfLarge();
    }

    public void Flush()
    {
        Header();
        _out.Flush();
    }

    public void Complete(bool more = false) => Flush();

    public void Dispose()
    {
    }

    private void Next()
    {
        if (_cells.Next() == 0)
        {
            Header();
            _out.Append("| "u8);
        }
        else
        {
            _out.Append(" | "u8);
        }
    }

    private void Header()
    {
        if (_headerWritten)
            return;
        _headerWritten = true;
        foreach (var column in Columns)
        {
            _out.Append("| "u8);
            Escaped(Encoding.UTF8.GetBytes(column.Name));
            _out.Append((byte)' ');
        }
        _out.Append("|\n"u8);
        foreach (var column in Columns)
            _out.Append(column.Kind == RowColumnKind.Number ? "| ---: "u8 : "| --- "u8);
        _out.Append("|\n"u8);
    }

    private void Escaped(ReadOnlySpan<byte> text)
    {
        for (int at; (at = text.IndexOfAny(Special)) >= 0; text = text[(at + 1)..])
        {
            _out.Append(text[..at]);
            switch (text[at])
            {
                case (byte)'\r': break;
                case (byte)'\n': _out.Append("<br>"u8); break;
                case (byte)'<': _out.Append("&lt;"u8); break;
                case (byte)'>': _out.Append("&gt;"u8); break;
                case (byte)'&': _out.Append("&amp;"u8); break;
                case var special:
                    _out.Append((byte)'\\');
                    _out.Append(special);
                    break;
            }
        }
        _out.Append(text);
    }
}
