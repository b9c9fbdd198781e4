namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>How a table looks.</summary>
public sealed record TableStyle
{
    /// <summary>Columns of the terminal that the table must fit; null leaves it as wide as it is.</summary>
    public int? Width { get; init; }

    /// <summary>Rows shown at most; null shows all.</summary>
    public long? RowLimit { get; init; }

    /// <summary>Whether headers are bold and nulls dim.</summary>
    public bool Color { get; init; }
}
