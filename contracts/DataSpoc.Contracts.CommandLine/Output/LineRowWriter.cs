using System.Text;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>One row a line, below a line of names; what stands between the cells, and how a text is spelled, is the format's.</summary>
internal abstract class LineRowWriter(Stream stdout, IReadOnlyList<RowColumn> columns) : IRowWriter
{
    private CellCounter _cells = new(columns.Count);
    private bool _headerWritten;

    public IReadOnlyList<RowColumn> Columns => columns;

    public long RowCount => _cells.Rows;

    public bool IsFull => false;

    protected OutputBuffer Out { get; } = new(stdout);

    public void WriteNull()
    {
        Next();
        Null();
    }

    public void WriteBoolean(bool value)
    {
        Next();
        Out.Append(value ? "true"u8 : "false"u8);
    }

    public void WriteInt64(long value)
    {
        Next();
        Out.Append(value);
    }

    public void WriteDouble(double value)
    {
        Next();
        Out.Append(value);
    }

    public void WriteNumber(ReadOnlySpan<byte> text)
    {
        Next();
        Out.Append(text);
    }

    public void WriteString(ReadOnlySpan<byte> utf8)
    {
        Next();
        Text(utf8);
    }

    public void WriteRawJson(ReadOnlySpan<byte> json) => WriteString(json);

    public void EndRow()
    {
        _cells.EndRow();
        End();
        Out.FlushIfLarge();
    }

    public void Flush()
    {
        Header();
        Out.Flush();
    }

    public void Complete(bool more = false) => Flush();

    public void Dispose()
    {
    }

    /// <summary>Stands before a cell.</summary>
    /// <param name="cell">Its number in the row, from 0.</param>
    protected abstract void Begin(int cell);

    /// <summary>Ends a row.</summary>
    protected abstract void End();

    protected abstract void Null();

    protected abstract void Text(ReadOnlySpan<byte> utf8);

    /// <summary>Follows the line of names.</summary>
    protected virtual void AfterHeader()
    {
    }

    private void Next()
    {
        var cell = _cells.Next();
        if (cell == 0 && !_headerWritten)
            Header();
        Begin(cell);
    }

    private void Header()
    {
        if (_headerWritten)
            return;
        _headerWritten = true;
        for (var i = 0; i < columns.Count; i++)
        {
            Begin(i);
            Text(Encoding.UTF8.GetBytes(columns[i].Name));
        }
        End();
        AfterHeader();
    }
}
