namespace DataSpoc.Platform.MockData.Tables;

/// <summary>Takes the cells of a table's rows one after the other, in the order of its columns, then <see cref="EndRow"/>.</summary>
internal interface ICellWriter
{
    /// <summary>Rows ended so far.</summary>
    long Rows { get; }

    void WriteNull();

    void WriteFlag(bool value);

    void WriteWhole(long value);

    /// <param name="value">A number with few digits.</param>
    /// <param name="digits">Digits after the point, as the column has them: 1, 2, 3 or 5.</param>
    void WriteNumber(double value, int digits);

    void WriteText(string value);

    void WriteDay(DateOnly value);

    /// <param name="value">UTC, whole seconds.</param>
    void WriteTime(DateTime value);

    void EndRow();
}

/// <summary>Cells that may be missing.</summary>
internal static class NullableCells
{
    public static void WriteFlag(this ICellWriter cells, bool? value)
    {
        if (value is { } known)
            cells.WriteFlag(known);
        else
            cells.WriteNull();
    }

    public static void WriteWhole(this ICellWriter cells, long? value)
    {
        if (value is { } known)
            cells.WriteWhole(known);
        else
            cells.WriteNull();
    }

    public static void WriteNumber(this ICellWriter cells, double? value, int digits)
    {
        if (value is { } known)
            cells.WriteNumber(known, digits);
        else
            cells.WriteNull();
    }

    public static void WriteOptional(this ICellWriter cells, string? value)
    {
        if (value is not null)
            cells.WriteText(value);
        else
            cells.WriteNull();
    }

    public static void WriteDay(this ICellWriter cells, DateOnly? value)
    {
        if (value is { } known)
            cells.WriteDay(known);
        else
            cells.WriteNull();
    }

    public static void WriteTime(this ICellWriter cells, DateTime? value)
    {
        if (value is { } known)
            cells.WriteTime(known);
        else
            cells.WriteNull();
    }
}
