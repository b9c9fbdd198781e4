using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.Transforms.Checks;

namespace DataSpoc.Pipe.Ingestion;

/// <summary>What a run's rows have become: files to stage, and how they enter the table.</summary>
/// <param name="Files">The files with their days; those with rows.</param>
/// <param name="Mode">How they enter it.</param>
/// <param name="Rows">Rows that came in; those that were only written again do not count.</param>
internal sealed record ShapedTable(IReadOnlyList<(ParquetFile File, DateOnly Day)> Files, ChangeMode Mode, long Rows)
{
    /// <summary>Files of the table that they take the place of.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>Days that are replaced even where no row came.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];

    /// <summary>The version of the table that they were made from; null where they do not depend on it.</summary>
    public long? ReadVersion { get; init; }

    public CheckReport Checks { get; init; } = new([]);
}
