namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Cells one below the other, a block per row, long values folded: for tables that no terminal is wide enough for.</summary>
internal sealed class RecordLayout : ITableLayout
{
    private readonly string[] _names;
    private readonly int _nameWidth;
    private readonly int _valueWidth;
    private readonly int _width;
    private readonly bool _color;

    public RecordLayout(IReadOnlyList<RowColumn> columns, string[] names, int width, bool color)
    {
        _width = width;
        _nameWidth = Math.Min(names.Max(CellDisplay.Width), Math.Max(8, width / 2));
        _valueWidth = Math.Max(8, width - _nameWidth - 2);
        _names = [.. names.Take(columns.Count).Select(n => CellDisplay.Cut(n, _nameWidth))];
        _color = color;
    }

    public void Header(OutputBuffer output)
    {
    }

    public void Row(OutputBuffer output, string?[] cells, long number)
    {
        var title = $"── row {Quantity.Count(number)} ";
        output.Append(title + new string('─', Math.Max(0, _width - CellDisplay.Width(title))) + "\n");
        for (var i = 0; i < cells.Length; i++)
        {
            var indent = _names[i] + new string(' ', _nameWidth - CellDisplay.Width(_names[i]) + 2);
            foreach (var piece in CellDisplay.Fold(cells[i] ?? CellDisplay.Null, _valueWidth))
            {
                output.Append(indent);
                output.Append(_color && cells[i] is null ? $"\e[2m{piece}\e[0m" : piece);
                output.Append((byte)'\n');
                indent = new string(' ', _nameWidth + 2);
            }
        }
    }
}
