using System.Buffers;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>
/// RFC 4180 with a header line; lines end in LF so that Unix tools see clean last fields. A null is an empty field, an
/// empty text is <c>""</c>.
/// </summary>
internal sealed class CsvRowWriter : IRowWriter
{
    private static readonly SearchValues<byte> NeedsQuotes = SearchValues.Create(",\"\r\n"u8);
    private readonly OutputBuffer _out;
    private CellCounter _cells;
    private bool _headerWritten;

    public CsvRowWriter(Stream stdout, IReadOnlyList<RowColumn> columns)
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
        // the only field of a row left empty would make an empty line, which readers skip: a lost row is worse than a lost null
        if (Columns.Count == 1)
            _out.Append("\"\""u8);
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
        Field(utf8);
    }

    public void WriteRawJson(ReadOnlySpan<byte> json) => WriteString(json);

    public void EndRow()
    {
        _cells.EndRow();
        _out.Append((byte)'\n');
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
        if (_cells.Next() > 0)
            _out.Append((byte)',');
        else if (!_headerWritten)
            Header();
    }

    private void Header()
    {
        if (_headerWritten)
            return;
        _headerWritten = true;
        for (var i = 0; i < Columns.Count; i++)
        {
            if (i > 0)
                _out.Append((byte)',');
            Field(Encoding.UTF8.GetBytes(Columns[i].Name));
        }
        _out.Append((byte)'\n');
    }

    private void Field(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && text.IndexOfAny(NeedsQuotes) < 0)
        {
            _out.Append(text);
            return;
        }
        _out.Append((byte)'"');
        for (int quote; (quote = text.IndexOf((byte)'"')) >= 0; text = text[(quote + 1)..])
        {
            _out.Append(text[..(quote + 1)]);
            _out.Append((byte)'"');
        }
        _out.Append(text);
        _out.Append((byte)'"');
    }
}
