using System.Text.Json;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;

namespace DataSpoc.Contracts.DuckDb.Scanning;

/// <summary>
/// Finds out what a query reads of its tables before any of their files is there: the query is planned over empty tables of the same names and columns.
/// </summary>
public static class QueryPlan
{
    /// <summary>Readies a database in memory for planning; <paramref name="mount"/> makes the names.</summary>
    /// <param name="connection">Of a database of its own, which is locked afterwards.</param>
    /// <param name="mount">Makes the tables with <see cref="TableViews.Outline"/>.</param>
    public static void Prepare(Connection connection, Action<Connection> mount)
    {
        // an empty table's statistics would let the plan read nothing
        connection.Execute("SET disabled_optimizers = 'statistics_propagation'");
        mount(connection);
        Lockdown.Apply(connection, []);
    }

    /// <summary>What the query reads of each table; everything where the plan does not tell.</summary>
    /// <param name="connection">What <see cref="Prepare"/> made ready.</param>
    /// <param name="sql">The query, not yet trusted.</param>
    /// <param name="tables">The tables that were mounted.</param>
    /// <exception cref="UserError">It is not exactly one query.</exception>
    public static IReadOnlyDictionary<MountedTable, TableNeeds> Needs(Connection connection, string sql, IReadOnlyCollection<MountedTable> tables)
    {
        var query = StatementGuard.Explained(sql);
        try
        {
            using var answer = connection.Query($"EXPLAIN (FORMAT json) {query}");
            return answer.NextChunk() && answer.GetValue(1, 0) is string plan ? Read(plan, tables) : tables.ToDictionary(table => table, _ => TableNeeds.Everything);
        }
        catch (DuckDbException error)
        {
            // a query that cannot be bound will say so when it is run: nothing has to be fetched for it
            var needs = error.Error is DuckDbError.Binder or DuckDbError.Catalog ? TableNeeds.Nothing : TableNeeds.Everything;
            return tables.ToDictionary(table => table, _ => needs);
        }
    }

    private static IReadOnlyDictionary<MountedTable, TableNeeds> Read(string plan, IReadOnlyCollection<MountedTable> tables)
    {
        using var document = JsonDocument.Parse(plan, new() { MaxDepth = 4096 });
        var scans = new List<JsonElement>();
        Collect(document.RootElement, scans);
        return tables.ToDictionary(table => table, table => Of(table, [.. scans.Where(scan => IsOf(scan, table))]));
    }

    private static void Collect(JsonElement node, List<JsonElement> scans)
    {
        if (node.ValueKind == JsonValueKind.Array)
            foreach (var item in node.EnumerateArray())
                Collect(item, scans);
        if (node.ValueKind != JsonValueKind.Object)
            return;
        if (node.TryGetProperty("extra_info", out var scan) && scan.ValueKind == JsonValueKind.Object && scan.TryGetProperty("Table", out _))
            scans.Add(scan);
        if (node.TryGetProperty("children", out var children))
            Collect(children, scans);
    }

    private static bool IsOf(JsonElement scan, MountedTable table)
    {
        var name = scan.GetProperty("Table").GetString() ?? "";
        return name == $"{table.Bucket}.{table.Schema}.{table.Name}" || name == new TableName(table.Bucket, table.Schema, table.Name).ToString()
            || name == $"{Sql.Identifier(table.Bucket ?? "memory")}.{Sql.Identifier(table.Schema)}.{Sql.Identifier(table.Name)}";
    }

    private static TableNeeds Of(MountedTable table, IReadOnlyList<JsonElement> scans)
    {
        if (scans.Count == 0)
            return TableNeeds.Nothing;
        var columns = new HashSet<string>(StringComparer.Ordinal);
        var filters = new List<ScanFilter>();
        foreach (var scan in scans)
        {
            var projections = Texts(scan, "Projections").ToArray();
            var conditions = Texts(scan, "Filters").Select(text => (Text: text, Filter: FilterText.Parse(text, table.Columns.Select(column => column.Name)))).ToArray();
            // a column of a structure is written as structure.column; a filter of another form is searched for names
            foreach (var column in table.Columns)
                if (projections.Any(projection => projection == column.Name || projection.StartsWith(column.Name + ".", StringComparison.Ordinal) || projection.StartsWith(column.Name + "[", StringComparison.Ordinal))
                    || conditions.Any(condition => condition.Filter is { } filter ? filter.Column == column.Name : condition.Text.Contains(column.Name, StringComparison.OrdinalIgnoreCase)))
                    columns.Add(column.Name);
            filters.Add(new([.. conditions.Select(condition => condition.Filter).OfType<ColumnFilter>()]));
        }
        return new(columns, filters);
    }

    private static IEnumerable<string> Texts(JsonElement scan, string member)
    {
        if (!scan.TryGetProperty(member, out var value))
            yield break;
        if (value.ValueKind == JsonValueKind.String)
            yield return value.GetString()!;
        else if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray())
                yield return item.GetString() ?? "";
    }
}
