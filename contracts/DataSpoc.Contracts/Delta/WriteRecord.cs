using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Delta;

/// <summary>
/// What a commit says about the write behind it, so that the manifest can be rebuilt from the log alone (member <c>dataspoc</c> of <c>commitInfo</c>).
/// </summary>
/// <param name="Extractions">How many writes the table has had, this one included.</param>
/// <param name="Rows">Rows this write brought.</param>
public sealed record WriteRecord(long Extractions, long Rows)
{
    /// <summary>When the rows were written, where a later commit (a compaction, a run taken back) repeats it; null: when the commit was made.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What it was made from: <c>location@snapshot</c>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The result of the data-quality checks, as the tool wrote it, or null.</summary>
    public JsonNode? Checks { get; init; }
}
