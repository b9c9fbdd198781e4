namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Holds a writer to the shape of its rows.</summary>
internal struct CellCounter(int columns)
{
    private int _cell;

    /// <summary>Rows ended so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The index of the cell that is written now.</summary>
    public int Next()
    {
        if (_cell == columns)
            throw new InvalidOperationException($"a row of {columns} columns got one cell more");
        return _cell++;
    }

    public void EndRow()
    {
        if (_cell != columns)
            throw new InvalidOperationException($"a row of {columns} columns got {_cell} cells");
        _cell = 0;
        Rows++;
    }
}
