namespace DataSpoc.Pipe.Sources;

/// <summary>A record that the source itself cannot give as a row.</summary>
/// <param name="Json">The record as it came.</param>
/// <param name="Reason">Why, one sentence.</param>
/// <param name="Line">Its line in the source's output, or null.</param>
internal sealed record RejectedRecord(ReadOnlyMemory<byte> Json, string Reason, long? Line)
{
    /// <summary>The types of the source's columns, as JSON, where the record has yet to go through the pipeline's transform; else null.</summary>
    public string? BeforeTransform { get; init; }
}
