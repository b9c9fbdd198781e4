namespace DataSpoc.Ml.Data;

/// <summary>
/// Rows of floats in memory, appended in order: four bytes per value, in blocks of about 8 MB, so that growing copies nothing.
/// NaN is a missing value.
/// </summary>
internal sealed class FloatTable
{
    private const int BlockValues = 2 * 1024 * 1024;
    private readonly List<float[]> _blocks = [];

    /// <summary>An empty table.</summary>
    /// <param name="columns">Values per row, at least 1.</param>
    public FloatTable(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Columns = columns;
        BlockRows = Math.Clamp(BlockValues / columns, 1, 64 * 1024);
    }

    /// <summary>Values per row.</summary>
    public int Columns { get; }

    /// <summary>Rows appended so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows per block.</summary>
    public int BlockRows { get; }

    /// <summary>Makes room for rows at the end: as many of <paramref name="wanted"/> as the last block holds, at least one.</summary>
    /// <returns>Row-major, to be filled at once; its length is a multiple of <see cref="Columns"/>.</returns>
    public Span<float> Append(int wanted)
    {
        var used = Rows % BlockRows;
        if (used == 0)
            _blocks.Add(GC.AllocateUninitializedArray<float>(BlockRows * Columns));
        var rows = Math.Min(wanted, BlockRows - used);
        Rows = checked(Rows + rows);
        return _blocks[^1].AsSpan(used * Columns, rows * Columns);
    }

    /// <summary>One row, to be changed.</summary>
    public Span<float> Change(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * Columns, Columns);

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * Columns, Columns);
}
