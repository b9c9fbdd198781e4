using DataSpoc.Pipe.Ingestion;

namespace DataSpoc.Pipe.Configuration;

/// <summary>How the rows of one table are written, in <c>pipelines/&lt;name&gt;.yaml</c>: <c>tables: {orders: {mode: merge, key: [id]}}</c>. <c>"*"</c> stands for tables that are not named.</summary>
internal sealed record TableSettings
{
    /// <summary>How rows meet those that are there; what the pipeline says where it is left out.</summary>
    public WriteMode? Mode { get; init; }

    /// <summary>The columns that identify a row; those the source names where it is left out.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The column whose day rows are filed under; the day of extraction where it is left out.</summary>
    public string? PartitionBy { get; init; }

    /// <summary>How long files that are replaced stay for time travel: <c>7d</c>; left out: they are deleted with the commit.</summary>
    public TimeSpan? History { get; init; }

    /// <summary>What happens to columns and values that do not fit the table.</summary>
    public SchemaContract? Schema { get; init; }

    /// <summary>Columns whose type is given: <c>amount: decimal(12,2)</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns that are not stored as they come: <c>email: hash</c>, <c>phone: drop</c>, <c>zip: truncate(3)</c>.</summary>
    public IReadOnlyDictionary<string, string> Mask { get; init; } = new Dictionary<string, string>();

    /// <summary>What has to be true of the rows before they are committed: <c>not_null(id)</c>, <c>warn range(amount, 0, 1000)</c>.</summary>
    public IReadOnlyList<string> Checks { get; init; } = [];
}
