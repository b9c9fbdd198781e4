namespace DataSpoc.Ml.Training.XGBoost;

/// <summary>Rows in batches, which can be walked several times with the same result each time.</summary>
internal interface IRowBatches
{
    /// <summary>All rows together.</summary>
    int Rows { get; }

    /// <summary>Values per row.</summary>
    int Columns { get; }

    /// <summary>The most rows of one batch.</summary>
    int BatchRows { get; }

    /// <summary>Fills <paramref name="destination"/> (row-major, room for <see cref="BatchRows"/> rows) with the rows from <paramref name="firstRow"/> on.</summary>
    /// <returns>The rows written; 0 after the last.</returns>
    int Read(int firstRow, Span<float> destination);
}
