using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Features;

/// <summary>The tables that a view's SQL reads, as they are now.</summary>
/// <param name="View">The view.</param>
/// <param name="Tables">By the names the SQL calls them.</param>
internal sealed record ViewInputs(FeatureView View, IReadOnlyList<(TableName Name, TableContent Content)> Tables)
{
    private const string NoLog = "no-log";

    /// <summary>What the rows are made from: <c>curated/shop/orders@4</c> for each table, and the definition.</summary>
    public IReadOnlyList<string> Lineage =>
        [.. Tables.Select(t => $"{t.Content.Table.Location.Folder}@{t.Content.Snapshot?.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? NoLog}"), View.Definition];

    /// <summary>Finds the tables; reads no rows.</summary>
    /// <exception cref="UserError">The SQL is not one SELECT, or a table is not there (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task<ViewInputs> ReadAsync(FeatureView view, BucketTables tables, Database database, Connection connection, CancellationToken cancel)
    {
        var found = new List<(TableName, TableContent)>();
        foreach (var name in Names(view, connection))
            found.Add((name, await tables.ContentAsync(database, name.ToString(), cancel)));
        return new(view, found);
    }

    /// <summary>Why the view has to be made again, or null where its table is what these inputs give.</summary>
    /// <param name="before">The inputs of the table that is there; null where there is none.</param>
    public string? Reason(IReadOnlyList<string>? before)
    {
        if (before is null)
            return "it is not materialised yet";
        if (!before.Contains(View.Definition))
            return "its definition changed";
        // a folder without a log does not tell whether it changed
        var changed = Lineage.Where(line => !before.Contains(line) || line.EndsWith(NoLog, StringComparison.Ordinal)).ToArray();
        return changed.Length == 0 ? null : $"{string.Join(", ", changed.Select(line => $"`{line[..line.LastIndexOf('@')]}`"))} changed";
    }

    /// <summary>Makes the tables known to SQL under the names that the view calls them.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="tables">The bucket's tables.</param>
    /// <param name="except">One that is made known otherwise; null: none.</param>
    /// <param name="cancel">Interrupts.</param>
    public async Task MountAsync(Connection connection, BucketTables tables, TableName? except, CancellationToken cancel)
    {
        var mounted = new List<MountedTable>();
        foreach (var (name, content) in Tables.Where(t => t.Name != except))
            mounted.Add((await tables.MountedAsync(connection, content, cancel)) with { Schema = name.Schema ?? "main", Name = name.Name });
        TableViews.Create(connection, mounted);
    }

    private static TableName[] Names(FeatureView view, Connection connection)
    {
        try
        {
            return [.. connection.TableNames(view.Sql).Select(TableName.Parse).OfType<TableName>()];
        }
        catch (DuckDbException error)
        {
            throw view.Wrong("its `sql` is not one SELECT", error.Message.Split('\n')[0], inner: error);
        }
    }
}
