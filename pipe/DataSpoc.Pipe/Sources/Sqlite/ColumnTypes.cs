using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources.Sqlite;

/// <summary>Which type a column's values have, from its declaration (SQLite, "Datatypes", "Determination of column affinity"), or from the values where it has none.</summary>
internal static class ColumnTypes
{
    /// <summary>The type of a declaration, or null where there is none or it says nothing: then the values tell.</summary>
    public static LogicalType? OfDeclaration(string declared)
    {
        var name = declared.ToUpperInvariant();
        var bare = name.Split('(')[0].Trim();
        return bare switch
        {
            "BOOLEAN" or "BOOL" => LogicalType.Boolean,
            "DATE" => LogicalType.Date,
            "DATETIME" or "TIMESTAMP" => LogicalType.Timestamp,
            "DECIMAL" or "NUMERIC" when bare.Length < name.Length && Parse($"DECIMAL{name[name.IndexOf('(', StringComparison.Ordinal)..]}") is { } type => type,
            _ when name.Contains("INT", StringComparison.Ordinal) => LogicalType.BigInt,
            _ when name.Contains("CHAR", StringComparison.Ordinal) || name.Contains("CLOB", StringComparison.Ordinal) || name.Contains("TEXT", StringComparison.Ordinal) => LogicalType.Varchar,
            _ when name.Contains("BLOB", StringComparison.Ordinal) => LogicalType.Blob,
            _ when name.Contains("REAL", StringComparison.Ordinal) || name.Contains("FLOA", StringComparison.Ordinal) || name.Contains("DOUB", StringComparison.Ordinal) => LogicalType.Double,
            _ => null,
        };
    }

    /// <summary>The narrowest type for all values of a column.</summary>
    /// <param name="kinds">The kinds of its values, as <c>typeof()</c> names them.</param>
    public static LogicalType OfValues(IReadOnlyCollection<string> kinds) =>
        kinds.Contains("blob") ? LogicalType.Blob : kinds.Contains("text") || kinds.All(kind => kind == "null") ? LogicalType.Varchar : kinds.Contains("real") ? LogicalType.Double : LogicalType.BigInt;

    /// <summary>A type that a person asked for.</summary>
    /// <exception cref="UserError">It is none (<see cref="ExitCode.Usage"/>).</exception>
    public static LogicalType OfWish(string wanted, string column) => wanted.Trim().ToLowerInvariant() switch
    {
        "text" => LogicalType.Varchar,
        "json" => LogicalType.Json,
        "double" => LogicalType.Double,
        "bigint" => LogicalType.BigInt,
        var other => Parse(other) is { Kind: LogicalKind.Decimal } type ? type : throw new UserError($"`{wanted}` is no type for column `{column}`") { Hint = "types are text, json, bigint, double and decimal(p,s) with p up to 38", ExitCode = ExitCode.Usage },
    };

    private static LogicalType? Parse(string spelling)
    {
        try
        {
            return LogicalType.Parse(spelling);
        }
        catch (Exception e) when (e is UserError or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
