namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Cells side by side, numbers to the right.</summary>
internal sealed class AlignedLayout(IReadOnlyList<RowColumn> columns, string[] names, int[] widths, bool mayCut, bool color) : ITableLayout
{
    public void Header(OutputBuffer output)
    {
        if (color)
            output.Append("\e[1m"u8);
        for (var i = 0; i < names.Length; i++)
            Cell(output, i, CellDisplay.Cut(names[i], widths[i]), dim: false);
        if (color)
            output.Append("\e[0m"u8);
        output.Append((byte)'\n');
        for (var i = 0; i < names.Length; i++)
        {
            output.Append(i == 0 ? "" : "  ");
            output.Append(new string('─', widths[i]));
        }
        output.Append((byte)'\n');
    }

    public void Row(OutputBuffer output, string?[] cells, long number)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var text = cells[i] ?? CellDisplay.Null;
            // a number that is cut would be another number
            if (mayCut && columns[i].Kind is RowColumnKind.Text or RowColumnKind.Nested)
                text = CellDisplay.Cut(text, widths[i]);
            Cell(output, i, text, dim: cells[i] is null);
        }
        output.Append((byte)'\n');
    }

    private void Cell(OutputBuffer output, int column, string text, bool dim)
    {
        var padding = Math.Max(0, widths[column] - CellDisplay.Width(text));
        var right = columns[column].Kind == RowColumnKind.Number;
        if (column > 0)
            output.Append("  "u8);
        if (right)
            Spaces(output, padding);
        if (dim && color)
            output.Append("\e[2m"u8);
        output.Append(text);
        if (dim && color)
            output.Append("\e[0m"u8);
        // nothing trails the last column
        if (!right && column < columns.Count - 1)
            Spaces(output, padding);
    }

    private static void Spaces(OutputBuffer output, int count)
    {
        for (; count > 0; count--)
            output.Append((byte)' ');
    }
}
