using System.Text;
using DataSpoc.Contracts.DuckDb;

namespace Lens.Tests.TpcH;

/// <summary>Eight tables and 22 queries like those of TPC-H, from the files beside this one; for tests and benchmarks.</summary>
internal static class TpcH
{
    /// <summary>The queries by their numbers.</summary>
    public static IReadOnlyList<(string Name, string Sql)> Queries() => Parts("queries.sql");

    /// <summary>The SELECTs that generate the tables, each by its table.</summary>
    /// <param name="scale">1 is six million rows of lineitem.</param>
    public static IReadOnlyList<(string Name, string Sql)> Tables(double scale) =>
        [.. Parts("tables.sql").Select(part => (part.Name, part.Sql.Replace("{sf}", scale.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)))];

    /// <summary>Makes the functions that the tables' SELECTs use.</summary>
    public static void Prepare(Connection connection) => connection.Execute(File.ReadAllText(PathOf("functions.sql")));

    private static List<(string Name, string Sql)> Parts(string file)
    {
        var parts = new List<(string Name, StringBuilder Sql)>();
        // a name is one word; what else stands in a comment is for people
        foreach (var line in File.ReadLines(PathOf(file)))
            if (!line.StartsWith("-- ", StringComparison.Ordinal))
                parts[^1].Sql.AppendLine(line);
            else if (!line[3..].Contains(' ', StringComparison.Ordinal))
                parts.Add((line[3..], new()));
        return [.. parts.Select(part => (part.Name, part.Sql.ToString()))];
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "TpcH", file);
}
