namespace DataSpoc.Contracts.CommandLine;

/// <summary>How rows are written to stdout (<c>-o, --output</c>).</summary>
public enum OutputFormat
{
    /// <summary>For people: aligned, folded to the terminal's width. The default on a terminal.</summary>
    Table,

    /// <summary>One JSON array of objects.</summary>
    Json,

    /// <summary>One JSON object per line.</summary>
    Ndjson,

    /// <summary>RFC 4180 quoting with a header line; lines end in LF. The default where stdout is not a terminal.</summary>
    Csv,

    /// <summary>A GitHub table.</summary>
    Markdown,
}
