using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Features;

/// <summary>Dates and timestamps of all types as SQL that compares them: in UTC, a date at its midnight.</summary>
internal static class Moments
{
    /// <summary>Microseconds since 1970 as BIGINT; NULL where it is missing or infinite.</summary>
    public static string Micros(string column, string table = "") => $"CASE WHEN isfinite({Qualified(column, table)}) THEN epoch_us({Qualified(column, table)}) END";

    /// <summary>The same; the column is one of these.</summary>
    public static string Micros(string column, IReadOnlyList<(string Name, LogicalType Type)> columns) =>
        columns.Any(c => c.Name == column && ColumnKinds.Of(c.Type.ToString()) == ColumnKind.Moment) ? Micros(column) : throw new ArgumentException($"`{column}` is no moment", nameof(column));

    /// <summary>As a TIMESTAMP in UTC, for its day.</summary>
    public static string Timestamp(string column, IReadOnlyList<(string Name, LogicalType Type)> columns) => $"make_timestamp({Micros(column, columns)})";

    private static string Qualified(string column, string table) => table.Length == 0 ? Sql.Identifier(column) : $"{table}.{Sql.Identifier(column)}";
}
