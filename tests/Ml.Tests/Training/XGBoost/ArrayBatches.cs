using DataSpoc.Ml.Training.XGBoost;

namespace Ml.Tests.Training.XGBoost;

/// <summary>Rows of an array, in batches of a given size.</summary>
internal sealed class ArrayBatches(float[] values, int columns, int batchRows) : IRowBatches
{
    public int Rows => values.Length / columns;

    public int Columns => columns;

    public int BatchRows => batchRows;

    /// <summary>Throws once this row is asked for.</summary>
    public int BreaksAt { get; init; } = int.MaxValue;

    public int Read(int firstRow, Span<float> destination)
    {
        if (firstRow >= BreaksAt)
            throw new IOException("the disk is gone");
        var rows = Math.Min(batchRows, Rows - firstRow);
        values.AsSpan(firstRow * columns, rows * columns).CopyTo(destination);
        return rows;
    }
}
