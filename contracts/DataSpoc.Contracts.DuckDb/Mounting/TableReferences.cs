using System.Text.Json;

namespace DataSpoc.Contracts.DuckDb.Mounting;

/// <summary>Finds the tables that a parsed SELECT names, in what DuckDB's <c>json_serialize_sql</c> answers. Names of WITH queries are not tables.</summary>
internal static class TableReferences
{
    internal static IReadOnlyList<string> In(string serialized)
    {
        using var document = JsonDocument.Parse(serialized, new() { MaxDepth = 4096 });
        var root = document.RootElement;
        if (root.GetProperty("error").GetBoolean())
        {
            var message = root.GetProperty("error_message").GetString() ?? "";
            throw new DuckDbException($"Parser Error: {message}", DuckDbError.Parser);
        }
        var names = new SortedSet<string>(StringComparer.Ordinal);
        Walk(root.GetProperty("statements"), [], names);
        return [.. names];
    }

    private static void Walk(JsonElement element, HashSet<string> withQueries, SortedSet<string> names)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Walk(item, withQueries, names);
            return;
        }
        if (element.ValueKind != JsonValueKind.Object)
            return;
        if (element.TryGetProperty("cte_map", out var map) && map.TryGetProperty("map", out var entries) && entries.ValueKind == JsonValueKind.Array)
            withQueries = new(withQueries.Concat(entries.EnumerateArray().Select(e => e.GetProperty("key").GetString() ?? "")), StringComparer.OrdinalIgnoreCase);
        if (element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("BASE_TABLE"))
            Add(element, withQueries, names);
        foreach (var member in element.EnumerateObject())
            Walk(member.Value, withQueries, names);
    }

    private static void Add(JsonElement table, HashSet<string> withQueries, SortedSet<string> names)
    {
        string[] parts = [Text(table, "catalog_name"), Text(table, "schema_name"), Text(table, "table_name")];
        if (parts[1].Length > 0 || !withQueries.Contains(parts[2]))
            names.Add(string.Join('.', parts.Where(p => p.Length > 0).Select(Spelled)));
    }

    private static string Text(JsonElement table, string member) => table.TryGetProperty(member, out var value) ? value.GetString() ?? "" : "";

    private static string Spelled(string name) => name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]) ? name : Sql.Identifier(name);
}
