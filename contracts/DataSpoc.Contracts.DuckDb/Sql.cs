namespace DataSpoc.Contracts.DuckDb;

/// <summary>Names and texts as they are written in SQL.</summary>
public static class Sql
{
    /// <summary>A name in double quotes; quotes inside are doubled.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text in single quotes; quotes inside are doubled. Nothing else needs an escape in DuckDB.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
