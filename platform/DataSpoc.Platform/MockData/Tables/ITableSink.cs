namespace DataSpoc.Platform.MockData.Tables;

/// <summary>A place that takes the rows of tables.</summary>
internal interface ITableSink
{
    /// <summary>Where a table's rows go; null where nobody wants them.</summary>
    ICellWriter? Open(TableShape shape);

    /// <summary>What comes now is of a day.</summary>
    void DayBegins(DateOnly day);

    /// <summary>All rows of a day have been written.</summary>
    void DayEnds(DateOnly day);
}

/// <summary>Writes rows of one table.</summary>
internal sealed class TableRows<T>(MockTable<T> table, ITableSink sink)
{
    private readonly ICellWriter? _cells = sink.Open(table.Shape);

    /// <summary>Whether anybody wants them.</summary>
    public bool Wanted => _cells is not null;

    public void Add(T row)
    {
        if (_cells is null)
            return;
        table.Write(row, _cells);
        _cells.EndRow();
    }

    /// <summary>Writes a row of which one cell is something else.</summary>
    /// <returns>Whether it was written.</returns>
    public bool AddBroken(T row, string column, string text)
    {
        if (_cells is null)
            return false;
        var at = table.Columns.Select(static c => c.Name).ToList().IndexOf(column);
        table.Write(row, new BrokenCells(_cells, at, text));
        _cells.EndRow();
        return true;
    }

    /// <summary>Lets all cells through but one.</summary>
    private sealed class BrokenCells(ICellWriter cells, int broken, string text) : ICellWriter
    {
        private int _at;

        public long Rows => cells.Rows;

        public void WriteNull()
        {
            if (!Replaces())
                cells.WriteNull();
        }

        public void WriteFlag(bool value)
        {
            if (!Replaces())
                cells.WriteFlag(value);
        }

        public void WriteWhole(long value)
        {
            if (!Replaces())
                cells.WriteWhole(value);
        }

        public void WriteNumber(double value, int digits)
        {
            if (!Replaces())
                cells.WriteNumber(value, digits);
        }

        public void WriteText(string value)
        {
            if (!Replaces())
                cells.WriteText(value);
        }

        public void WriteDay(DateOnly value)
        {
            if (!Replaces())
                cells.WriteDay(value);
        }

        public void WriteTime(DateTime value)
        {
            if (!Replaces())
                cells.WriteTime(value);
        }

        public void EndRow() => cells.EndRow();

        private bool Replaces()
        {
            if (_at++ != broken)
                return false;
            cells.WriteText(text);
            return true;
        }
    }
}
