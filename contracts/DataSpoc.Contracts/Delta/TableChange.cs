using System.Text.Json.Nodes;
using DataSpoc.Contracts.Json;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.Delta;

/// <summary>What a commit does to the rows that are there.</summary>
public enum ChangeMode
{
    /// <summary>Keeps them and adds.</summary>
    Append,

    /// <summary>Replaces all of them.</summary>
    Overwrite,

    /// <summary>Replaces those of the given partitions.</summary>
    OverwritePartitions,

    /// <summary>Replaces those of the given files: a merge, a compaction.</summary>
    ReplaceFiles,
}

/// <summary>
/// The commit intent of one table (CONTRACT section 5): everything that is needed to finish the commit without the process that wrote it.
/// It is stored in <c>run.json</c>.
/// </summary>
/// <param name="Location">The table.</param>
/// <param name="Mode">What happens to the rows that are there.</param>
/// <param name="Schema">The columns the files hold. The partition column need not be among them.</param>
/// <param name="AppId">Who commits, for idempotency: <c>pipe/&lt;pipeline&gt;</c>.</param>
/// <param name="Sequence">The run sequence of <paramref name="AppId"/>; only grows.</param>
/// <param name="RunId">The run.</param>
public sealed record TableChange(TableLocation Location, ChangeMode Mode, DeltaSchema Schema, string AppId, long Sequence, string RunId)
{
    /// <summary>The new files.</summary>
    public IReadOnlyList<StagedFile> Files { get; init; } = [];

    /// <summary>With <see cref="ChangeMode.OverwritePartitions"/>: days that are replaced even where no file brings rows for them. Those of <see cref="Files"/> always are.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];

    /// <summary>With <see cref="ChangeMode.ReplaceFiles"/>: the files, by their paths relative to the table's folder, that the new ones take the place of. The commit is
    /// refused where one of them no longer belongs to the table.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>False where rows only move between files, so that readers of changes pass it by (Delta protocol, <c>dataChange</c>).</summary>
    public bool DataChange { get; init; } = true;

    /// <summary>Files that lay in the folder before it had a log (DataSpoc 1.0): they enter the table with its first commit.</summary>
    public IReadOnlyList<AdoptedFile> Adopted { get; init; } = [];

    /// <summary>None, or <c>dt</c>.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>The columns that identify a row, or none.</summary>
    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>The table's name at its source where folding changed it, or null.</summary>
    public string? SourceName { get; init; }

    /// <summary>What the rows were made from: <c>location@snapshot</c>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>How long files that are replaced stay for time travel; null: they are deleted right after the commit.</summary>
    public TimeSpan? KeepHistory { get; init; }

    /// <summary>
    /// The version whose rows the new rows were made from (a merge, a compaction): the commit is refused where the table has moved on.
    /// Null where the new rows do not depend on those that are there (an append, a full refresh).
    /// </summary>
    public long? ReadVersion { get; init; }

    /// <summary>What is done, in the words of Delta: <c>WRITE</c>, <c>MERGE</c>, <c>OPTIMIZE</c>.</summary>
    public string Operation { get; init; } = "WRITE";

    /// <summary>The tool and its version: <c>pipe 0.1.0</c>.</summary>
    public string Tool { get; init; } = "";

    /// <summary>The result of the data-quality checks, as the tool wrote it, or null.</summary>
    public JsonNode? Checks { get; init; }

    /// <summary>Rows of the new files.</summary>
    public long Rows => Files.Sum(file => file.Rows);

    /// <summary>The change as it stands in <c>run.json</c>.</summary>
    public JsonObject ToJson() => TableChangeJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="System.Text.Json.JsonException">A member is missing or is not what it should be; the message names it.</exception>
    public static TableChange FromJson(JsonObject json)
    {
        using var document = JsonNodes.Parse(JsonNodes.Text(json));
        return TableChangeJson.Read(new(document.RootElement, ""));
    }
}

/// <summary>A new data file whose bytes are staged.</summary>
/// <param name="Staged">Its bytes and the key under which they will be visible, which lies in the table's folder.</param>
/// <param name="Partition">Its day, <c>2026-01-31</c>, or null where the table is not partitioned.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Statistics">From the Parquet footer, or null where none are known.</param>
public sealed record StagedFile(StagedObject Staged, string? Partition, long Rows, FileStatistics? Statistics);

/// <summary>A data file that is there already.</summary>
/// <param name="Path">Relative to the table's folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModificationTime">When it was written.</param>
/// <param name="Partition">Its day, or null where it does not lie in a <c>dt=</c> folder.</param>
/// <param name="Statistics">From the Parquet footer, or null where none are known.</param>
public sealed record AdoptedFile(string Path, long Size, DateTimeOffset ModificationTime, string? Partition, FileStatistics? Statistics);
