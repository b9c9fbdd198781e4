namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Chooses the layout of a table from its first rows.</summary>
internal static class TableLayout
{
    private const int Gap = 2;

    // below this a cut text says too little: the rows are shown one below the other instead
    private const int NarrowestText = 12;

    public static ITableLayout For(IReadOnlyList<RowColumn> columns, IReadOnlyList<string?[]> sample, TableStyle style)
    {
        var names = columns.Select(static c => CellDisplay.Printable(c.Name)).ToArray();
        var widths = names.Select(CellDisplay.Width).ToArray();
        foreach (var row in sample)
        {
            for (var i = 0; i < widths.Length; i++)
                widths[i] = Math.Max(widths[i], CellDisplay.Width(row[i] ?? CellDisplay.Null));
        }
        if (style.Width is not { } available || Total(widths) <= available)
            return new AlignedLayout(columns, names, widths, mayCut: style.Width is not null, style.Color);
        var narrowed = Narrow(columns, widths, available);
        return narrowed is null
            ? new RecordLayout(columns, names, available, style.Color)
            : new AlignedLayout(columns, names, narrowed, mayCut: true, style.Color);
    }

    /// <summary>The widest cap on text columns under which all columns fit, or null where none does.</summary>
    private static int[]? Narrow(IReadOnlyList<RowColumn> columns, int[] widths, int available)
    {
        for (var cap = widths.Max() - 1; cap >= NarrowestText; cap--)
        {
            var narrowed = widths.Select((w, i) => MayBeCut(columns[i]) ? Math.Min(w, cap) : w).ToArray();
            if (Total(narrowed) <= available)
                return narrowed;
        }
        return null;
    }

    private static bool MayBeCut(RowColumn column) => column.Kind is RowColumnKind.Text or RowColumnKind.Nested;

    private static int Total(int[] widths) => widths.Sum() + (Gap * (widths.Length - 1));
}
