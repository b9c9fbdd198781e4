namespace DataSpoc.Ml.Data;

/// <summary>
/// Rows of floats, appended in order: four bytes per value, in blocks of about 8 MB, so that growing copies nothing. The first blocks lie in memory; what
/// goes beyond lies in files without a name, which the system takes out of memory when it is short of it. NaN is a missing value.
/// </summary>
internal sealed class FloatTable
{
    private const int BlockValues = 2 * 1024 * 1024;
    private readonly List<FloatBlock> _blocks = [];
    private readonly FloatTableLimits _limits;

    /// <summary>An empty table.</summary>
    /// <param name="columns">Values per row, at least 1.</param>
    /// <param name="limits">What it may hold in memory; by default the machine's.</param>
    public FloatTable(int columns, FloatTableLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Columns = columns;
        BlockRows = Math.Clamp(BlockValues / columns, 1, 64 * 1024);
        _limits = limits ?? FloatTableLimits.OfMachine();
    }

    /// <summary>Values per row.</summary>
    public int Columns { get; }

    /// <summary>Rows appended so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows per block.</summary>
    public int BlockRows { get; }

    /// <summary>Bytes that lie in files.</summary>
    public long MappedBytes => _blocks.Count(b => b.IsMapped) * BlockBytes;

    private long BlockBytes => (long)BlockRows * Columns * sizeof(float);

    /// <summary>Makes room for rows at the end: as many of <paramref name="wanted"/> as the last block holds, at least one.</summary>
    /// <returns>Row-major, to be filled at once; its length is a multiple of <see cref="Columns"/>.</returns>
    /// <exception cref="DataSpoc.Contracts.UserError">There is no room on the disk.</exception>
    public Span<float> Append(int wanted)
    {
        var used = Rows % BlockRows;
        if (used == 0)
            _blocks.Add((_blocks.Count + 1) * BlockBytes <= _limits.InMemory ? FloatBlock.InMemory(BlockRows * Columns) : FloatBlock.Mapped(BlockRows * Columns, _limits.Folder));
        var rows = Math.Min(wanted, BlockRows - used);
        Rows = checked(Rows + rows);
        return _blocks[^1].Span(used * Columns, rows * Columns);
    }

    /// <summary>One row, to be changed.</summary>
    public Span<float> Change(int row) => _blocks[row / BlockRows].Span(row % BlockRows * Columns, Columns);

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int row) => _blocks[row / BlockRows].Span(row % BlockRows * Columns, Columns);
}
