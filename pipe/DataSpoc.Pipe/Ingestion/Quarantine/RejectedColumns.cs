using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Ingestion.Quarantine;

/// <summary>The columns of every table in <c>quarantine/</c>.</summary>
internal static class RejectedColumns
{
    public static IReadOnlyList<(string Name, LogicalType Type)> All { get; } =
    [
        ("record", LogicalType.Varchar),
        ("reason", LogicalType.Varchar),
        ("stream", LogicalType.Varchar),
        ("run_id", LogicalType.Varchar),
        ("pipeline", LogicalType.Varchar),
        ("line", LogicalType.BigInt),
        ("record_number", LogicalType.BigInt),
        ("types", LogicalType.Varchar),
        ("rejected_at", LogicalType.TimestampTz),
        ("before_transform", LogicalType.Boolean),
    ];
}
