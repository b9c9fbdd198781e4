namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Where the cells of a table go: side by side, or one below the other where they do not fit.</summary>
internal interface ITableLayout
{
    void Header(OutputBuffer output);

    /// <param name="output">Where to.</param>
    /// <param name="cells">One text per column; null is shown as such.</param>
    /// <param name="number">1 for the first row.</param>
    void Row(OutputBuffer output, string?[] cells, long number);
}
