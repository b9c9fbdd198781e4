using DataSpoc.Ml.Training.XGBoost;

namespace DataSpoc.Ml.Data;

/// <summary>Some rows and some columns of a <see cref="FloatTable"/>, in the order they are named.</summary>
/// <param name="table">Where the values lie.</param>
/// <param name="rows">Row positions.</param>
/// <param name="columns">Column positions, at least one.</param>
internal sealed class RowSelection(FloatTable table, ReadOnlyMemory<int> rows, int[] columns) : IRowBatches
{
    /// <inheritdoc/>
    public int Rows => rows.Length;

    /// <inheritdoc/>
    public int Columns => columns.Length;

    /// <inheritdoc/>
    public int BatchRows => Math.Max(1, Math.Min(rows.Length, table.BlockRows));

    /// <summary>All rows, row-major.</summary>
    public float[] ToArray()
    {
        var values = new float[checked(rows.Length * columns.Length)];
        for (var row = 0; row < rows.Length;)
            row += Read(row, values.AsSpan(row * columns.Length));
        return values;
    }

    /// <inheritdoc/>
    public int Read(int firstRow, Span<float> destination)
    {
        var count = Math.Min(BatchRows, rows.Length - firstRow);
        var selected = rows.Span;
        for (var i = 0; i < count; i++)
        {
            var from = table.Row(selected[firstRow + i]);
            var to = destination.Slice(i * columns.Length, columns.Length);
            for (var c = 0; c < to.Length; c++)
                to[c] = from[columns[c]];
        }
        return count;
    }
}
