using System.Text.Json.Nodes;

namespace DataSpoc.Contracts.Delta;

/// <summary>One line of a Delta log entry (Delta protocol, "Actions"). Actions that are not known here are skipped when a log is read, as the protocol asks.</summary>
public abstract record DeltaAction
{
    private protected DeltaAction()
    {
    }
}

/// <summary>What a reader and a writer must know to touch the table (Delta protocol, "Protocol Evolution").</summary>
/// <param name="MinReaderVersion">1 for all tables of the contract but those with a timestamp without zone (3).</param>
/// <param name="MinWriterVersion">2 for all tables of the contract but those with a timestamp without zone (7).</param>
public sealed record Protocol(int MinReaderVersion, int MinWriterVersion) : DeltaAction
{
    /// <summary>Named features a reader must know; there from reader version 3 on.</summary>
    public IReadOnlyList<string>? ReaderFeatures { get; init; }

    /// <summary>Named features a writer must know; there from writer version 7 on.</summary>
    public IReadOnlyList<string>? WriterFeatures { get; init; }

    /// <summary>Reader 1, writer 2: what the contract writes.</summary>
    public static Protocol Plain { get; } = new(1, 2);

    /// <summary>Reader 3, writer 7 with <c>timestampNtz</c>: a table with a timestamp without zone. The features of writer 2 are named as well.</summary>
    public static Protocol WithTimestampNtz { get; } = new(3, 7)
    {
        ReaderFeatures = [TableFeatures.TimestampNtz],
        WriterFeatures = [TableFeatures.TimestampNtz, TableFeatures.AppendOnly, TableFeatures.Invariants],
    };
}

/// <summary>What the table is: its columns, how it is partitioned (Delta protocol, "Change Metadata").</summary>
/// <param name="Id">A GUID that stays for the life of the table.</param>
/// <param name="Schema">All columns, those of partitions included.</param>
public sealed record Metadata(string Id, DeltaSchema Schema) : DeltaAction
{
    /// <summary>What a person called the table, or null.</summary>
    public string? Name { get; init; }

    /// <summary>What a person said about the table, or null.</summary>
    public string? Description { get; init; }

    /// <summary>Columns that files are partitioned by, in order; the contract's own tables have none or <c>dt</c>.</summary>
    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>Table properties: Delta's begin with <c>delta.</c>, the contract's with <c>dataspoc.</c>.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>When the table was made, or null.</summary>
    public DateTimeOffset? CreatedTime { get; init; }
}

/// <summary>A data file that belongs to the table from this version on (Delta protocol, "Add File").</summary>
/// <param name="Path">Relative to the table's folder, decoded: <c>dt=2026-01-31/orders_….parquet</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModificationTime">When the file was made, milliseconds.</param>
public sealed record AddFile(string Path, long Size, DateTimeOffset ModificationTime) : DeltaAction
{
    /// <summary>Partition column → value as text (<c>2026-01-31</c>), null for a null. Empty texts are null too.</summary>
    public IReadOnlyDictionary<string, string?> PartitionValues { get; init; } = new Dictionary<string, string?>();

    /// <summary>False where rows only moved between files.</summary>
    public bool DataChange { get; init; } = true;

    /// <summary>Row count, smallest and largest values, nulls; null where the writer gave none.</summary>
    public FileStatistics? Statistics
    {
        get => field ??= FileStatistics.Parse(StatisticsText);
        init => (field, StatisticsText) = (value, null);
    }

    /// <summary>Rows of the file, or null where the writer did not tell.</summary>
    public long? Rows => StatisticsText is null ? Statistics?.NumRecords : StatisticsRows;

    // bounds are most of a log and rarely asked for: they stay the text they were until someone does
    internal string? StatisticsText { get; private init; }

    private long? StatisticsRows { get; init; }

    /// <exception cref="System.Text.Json.JsonException">The text is not one of statistics.</exception>
    internal AddFile WithStatistics(string? text) => text is null ? this : this with { StatisticsText = text, StatisticsRows = FileStatistics.CheckedRows(text) };

    /// <summary>Free text a writer attached, kept when the log is compacted.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>Whether rows of the file are deleted by a deletion vector, which is not supported: a snapshot with such a file is refused.</summary>
    public bool HasDeletionVector { get; init; }
}

/// <summary>A data file that no longer belongs to the table (Delta protocol, "Remove File"); it stays as tombstone for vacuum.</summary>
/// <param name="Path">Relative to the table's folder, decoded.</param>
public sealed record RemoveFile(string Path) : DeltaAction
{
    /// <summary>When it was removed; null in logs of some writers.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>False where rows only moved between files.</summary>
    public bool DataChange { get; init; } = true;

    /// <summary>Partition values of the removed file, where known.</summary>
    public IReadOnlyDictionary<string, string?>? PartitionValues { get; init; }

    /// <summary>Bytes, where known.</summary>
    public long? Size { get; init; }
}

/// <summary>How far an application has written into the table, which makes its commits idempotent (Delta protocol, "Transaction Identifiers").</summary>
/// <param name="AppId"><c>pipe/&lt;pipeline&gt;</c>, <c>lens/&lt;transform&gt;</c>, <c>ml/&lt;model&gt;</c>.</param>
/// <param name="Version">The application's own sequence number; only grows.</param>
/// <param name="LastUpdated">When, or null.</param>
public sealed record Transaction(string AppId, long Version, DateTimeOffset? LastUpdated = null) : DeltaAction;

/// <summary>Who committed what and why (Delta protocol, "Commit Provenance Information"): free members, with the contract's own read out.</summary>
public sealed record CommitInfo : DeltaAction
{
    /// <summary>When the commit was planned.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>What was done, in the words of Delta: <c>WRITE</c>, <c>CREATE TABLE</c>, <c>OPTIMIZE</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>The tool and its version (<c>engineInfo</c>): <c>DataSpoc pipe 0.1.0</c>.</summary>
    public string? Tool { get; init; }

    /// <summary>The run that committed, or null for commits of others.</summary>
    public string? RunId { get; init; }

    /// <summary>What the contract records about an extraction (member <c>dataspoc</c>), or null for commits of others.</summary>
    public WriteRecord? Write { get; init; }

    /// <summary>All other members, as they were.</summary>
    public JsonObject? Others { get; init; }
}
