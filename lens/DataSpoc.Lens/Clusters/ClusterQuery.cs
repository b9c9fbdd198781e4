using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Sql;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Clusters;

/// <summary>
/// A query as ClickHouse runs it over the same buckets: every table becomes a WITH query over its Delta log, and names with a layer or a bucket become the names of those.
/// The query is read by DuckDB's parser, so it is one that both understand, and it reads tables of the buckets only.
/// </summary>
internal sealed partial class ClusterQuery
{
    private static readonly HashSet<string> s_generators = new(["numbers", "zeros", "generate_series"], StringComparer.OrdinalIgnoreCase);
    private static readonly string[] s_nameParts = ["catalog_name", "schema_name", "table_name"];
    private readonly List<NamedPlace> _tables = [];
    private readonly List<NamedPlace> _columns = [];

    /// <summary>Writes the query for ClickHouse.</summary>
    /// <param name="connection">Any.</param>
    /// <param name="sql">Not yet trusted.</param>
    /// <param name="buckets">Where its tables are.</param>
    /// <param name="source">How ClickHouse reads a table.</param>
    /// <param name="cancel">Ends the reading of catalogs.</param>
    /// <exception cref="UserError">It is not one query over tables of the buckets.</exception>
    public static async Task<string> OfAsync(Connection connection, string sql, BucketSet buckets, Func<ResolvedTable, string> source, CancellationToken cancel)
    {
        var names = QueryNames.In(connection, sql);
        var query = new ClusterQuery();
        query.Read(connection, sql);
        if (names.Tables is null)
            throw Refused("a query of this kind cannot be sent to a cluster", "write it as one SELECT over named tables");
        var resolver = new TableResolver(buckets);
        var tables = new List<(TableName Name, ResolvedTable Table, string Called)>();
        foreach (var name in names.Tables.OrderBy(name => name.Schema is not null))
        {
            var table = await resolver.FindAsync(name, cancel) ?? throw await resolver.UnknownAsync(name, cancel);
            if (!tables.Any(known => known.Name == name))
                tables.Add((name, table, Called(name, table, tables)));
        }
        var with = string.Join(", ", tables.DistinctBy(table => table.Called).Select(table => $"{ClickHouseTable.Identifier(table.Called)} AS (SELECT * FROM {source(table.Table)})"));
        var text = query.Renamed(sql, tables.ToDictionary(table => table.Name, table => table.Called));
        if (with.Length == 0)
            return text;
        return Beginning().Match(text) is { Success: true } begin ? text.Insert(begin.Length, $" {with},") : $"WITH {with}\n{text}";
    }

    // by its own name, so that columns can be called by it; by its layer too where two tables have one name
    private static string Called(TableName name, ResolvedTable table, List<(TableName Name, ResolvedTable Table, string Called)> tables)
    {
        if (tables.FirstOrDefault(known => known.Table.View == table.View && (name.Schema is not null || known.Called == name.Name)).Called is { } same)
            return same;
        return tables.Any(known => known.Called.Equals(name.Name, StringComparison.OrdinalIgnoreCase)) ? $"{table.Bucket.Name}_{table.Table.Schema}_{table.Table.Name}" : name.Name;
    }

    private void Read(Connection connection, string sql)
    {
        using var answer = connection.Query($"SELECT json_serialize_sql({SqlText.Literal(sql)})");
        answer.NextChunk();
        using var document = JsonDocument.Parse((string)answer.GetValue(0, 0)!, new() { MaxDepth = 4096 });
        var root = document.RootElement;
        if (root.GetProperty("error").GetBoolean())
            throw Refused($"the query cannot be read: {root.GetProperty("error_message").GetString()}", "a query for a cluster is one SELECT that DuckDB can parse too");
        if (root.GetProperty("statements").GetArrayLength() != 1)
            throw Refused("this is more than one statement", "write one SELECT");
        Collect(root.GetProperty("statements")[0]);
    }

    private void Collect(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
            foreach (var item in node.EnumerateArray())
                Collect(item);
        if (node.ValueKind != JsonValueKind.Object)
            return;
        switch (node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null)
        {
            case "BASE_TABLE":
                _tables.Add(new(Location(node), [.. s_nameParts.Select(part => node.GetProperty(part).GetString() ?? "").Where(part => part.Length > 0)]));
                break;
            case "COLUMN_REF":
                _columns.Add(new(Location(node), [.. node.GetProperty("column_names").EnumerateArray().Select(part => part.GetString() ?? "")]));
                break;
            case "TABLE_FUNCTION" when node.TryGetProperty("function", out var function) && function.TryGetProperty("function_name", out var name) && !s_generators.Contains(name.GetString()!):
                throw Refused($"the function `{name.GetString()}` cannot be read from here", "a query reads the tables of its buckets and nothing else");
            case "SHOW_REF":
                throw Refused("a cluster's own tables are not shown", "`lens catalog` shows those of the buckets");
            case "FUNCTION" when node.TryGetProperty("function_name", out var name) && Reaching().IsMatch(name.GetString()!):
                throw Refused($"the function `{name.GetString()}` cannot be used here", "it does more than read");
        }
        foreach (var member in node.EnumerateObject())
            Collect(member.Value);
    }

    // the parser tells places in bytes of UTF-8
    private string Renamed(string sql, Dictionary<TableName, string> called)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        var changes = new List<(int Start, int End, string Text)>();
        foreach (var place in _tables.Where(place => place.Parts.Count > 1))
            changes.Add(Change(bytes, place, place.Parts.Count, called[NameOf(place.Parts)]));
        foreach (var place in _columns.Where(place => place.Parts.Count > 2))
            for (var parts = Math.Min(3, place.Parts.Count - 1); parts >= 2; parts--)
                if (called.TryGetValue(NameOf([.. place.Parts.Take(parts)]), out var name))
                {
                    changes.Add(Change(bytes, place, parts, name));
                    break;
                }
        var text = new StringBuilder();
        var at = 0;
        foreach (var (start, end, replacement) in changes.OrderBy(change => change.Start).DistinctBy(change => change.Start))
        {
            text.Append(Encoding.UTF8.GetString(bytes, at, start - at)).Append(replacement);
            at = end;
        }
        return text.Append(Encoding.UTF8.GetString(bytes, at, bytes.Length - at)).ToString().Trim().TrimEnd(';');
    }

    private static (int, int, string) Change(byte[] bytes, NamedPlace place, int parts, string name)
    {
        var at = place.Start;
        for (var part = 0; part < parts; part++)
        {
            var match = Part().Match(at <= bytes.Length ? Encoding.UTF8.GetString(bytes, at, bytes.Length - at) : "");
            if (!match.Success || !(match.Value.Trim().Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal)).Equals(place.Parts[part], StringComparison.OrdinalIgnoreCase))
                throw Refused($"the place of `{string.Join('.', place.Parts)}` in the query is not known", "give the table an alias, and use that");
            at += Encoding.UTF8.GetByteCount(match.Value);
            if (part + 1 < parts)
                at += Encoding.UTF8.GetByteCount(Dot().Match(Encoding.UTF8.GetString(bytes, at, bytes.Length - at)).Value);
        }
        return (place.Start, at, ClickHouseTable.Identifier(name));
    }

    private static TableName NameOf(IReadOnlyList<string> parts) => parts.Count == 3 ? new(parts[0], parts[1], parts[2]) : new(null, parts[0], parts[1]);

    private static int Location(JsonElement node) => node.GetProperty("query_location").TryGetInt32(out var location) ? location : int.MaxValue;

    private static UserError Refused(string what, string hint) => new(what) { Hint = hint, ExitCode = ExitCode.Usage };

    private sealed record NamedPlace(int Start, IReadOnlyList<string> Parts);

    [GeneratedRegex(@"^(?:\s|--[^\n]*\n|/\*.*?\*/)*WITH\b(?:\s+RECURSIVE\b)?", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Beginning();

    [GeneratedRegex("^(?:\"(?:[^\"]|\"\")*\"|[\\w$]+)")]
    private static partial Regex Part();

    [GeneratedRegex(@"^\s*\.\s*")]
    private static partial Regex Dot();

    // functions of ClickHouse that look at more than their arguments
    [GeneratedRegex("^(?:file|dictget.*|dicthas|joinget.*|getsetting.*|getmacro|hostname|fqdn|filesystem.*|catboostevaluate|executable|sleep.*|getosKernelVersion|showcertificate|getserverport|getservername|getserversetting)$", RegexOptions.IgnoreCase)]
    private static partial Regex Reaching();
}
