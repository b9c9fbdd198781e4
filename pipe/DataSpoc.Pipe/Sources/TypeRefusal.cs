using System.Text.RegularExpressions;
using DataSpoc.Contracts.DuckDb;

namespace DataSpoc.Pipe.Sources;

/// <summary>What a query says where a value is not of the type that its column is to have: nothing is rounded, nothing cut.</summary>
internal static partial class TypeRefusal
{
    /// <summary>The sentence as SQL puts it together: the value follows it.</summary>
    public static string Of(string column, LogicalType type) => Of(column, type.ToString());

    /// <summary>The same, of a type that DuckDB names.</summary>
    public static string Of(string column, string type) => $"column `{column}` is {type}, which cannot hold ";

    /// <summary>The whole sentence in an error of DuckDB; null where it says something else.</summary>
    public static string? In(DuckDbException error) => Sentence().Match(error.Message) is { Success: true } match ? match.Value : null;

    [GeneratedRegex("column `.*` is .*, which cannot hold .*")]
    private static partial Regex Sentence();
}
