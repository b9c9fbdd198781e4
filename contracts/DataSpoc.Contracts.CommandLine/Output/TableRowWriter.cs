using System.Globalization;
using System.Text;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>
/// For people. The first rows decide the widths; the rows after them stream in the same layout, so memory stays bounded.
/// </summary>
internal sealed class TableRowWriter : IRowWriter
{
    private const int SampleRows = 500;
    private readonly Stream _stdout;
    private readonly OutputBuffer _out;
    private readonly TableStyle _style;
    private readonly List<string?[]> _sample = [];
    private string?[] _row;
    private CellCounter _cells;
    private ITableLayout? _layout;

    public TableRowWriter(Stream stdout, IReadOnlyList<RowColumn> columns, TableStyle style)
    {
        Columns = columns;
        _stdout = stdout;
        _out = new(stdout);
        _style = style;
        _row = new string?[columns.Count];
        _cells = new(columns.Count);
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public long RowCount => _cells.Rows;

    public bool IsFull => _style.RowLimit is { } limit && _cells.Rows >= limit;

    public void WriteNull() => _row[_cells.Next()] = null;

    public void WriteBoolean(bool value) => _row[_cells.Next()] = value ? "true" : "false";

    public void WriteInt64(long value) => _row[_cells.Next()] = value.ToString(CultureInfo.InvariantCulture);

    public void WriteDouble(double value) => _row[_cells.Next()] = value.ToString("R", CultureInfo.InvariantCulture);

    public void WriteNumber(ReadOnlySpan<byte> text) => _row[_cells.Next()] = Encoding.UTF8.GetString(text);

    public void WriteString(ReadOnlySpan<byte> utf8) => _row[_cells.Next()] = CellDisplay.Printable(Encoding.UTF8.GetString(utf8));

    public void WriteRawJson(ReadOnlySpan<byte> json) => _row[_cells.Next()] = CellDisplay.Printable(Encoding.UTF8.GetString(json));

    public void EndRow()
    {
        var full = IsFull;
        _cells.EndRow();
        if (full)
            return;
        if (_layout is not null)
        {
            _layout.Row(_out, _row, _cells.Rows);
            _out.FlushIfLarge();
            return;
        }
        _sample.Add(_row);
        _row = new string?[Columns.Count];
        if (_sample.Count == SampleRows)
            LayOut();
    }

    public void Flush()
    {
        LayOut();
        _out.Flush();
    }

    public void Complete(bool more = false)
    {
        LayOut();
        var shown = Math.Min(_cells.Rows, _style.RowLimit ?? long.MaxValue);
        if (_cells.Rows == 0)
            _out.Append("(no rows)\n");
        else if (more || shown < _cells.Rows)
            _out.Append($"… the first {Quantity.Count(shown, "row")}; `-o csv` gives all\n");
        _out.Flush();
    }

    public void Dispose() => _stdout.Flush();

    private void LayOut()
    {
        if (_layout is not null)
            return;
        _layout = TableLayout.For(Columns, _sample, _style);
        _layout.Header(_out);
        for (var i = 0; i < _sample.Count; i++)
            _layout.Row(_out, _sample[i], i + 1);
        _sample.Clear();
    }
}
