using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Ml.Data.Reading;

namespace DataSpoc.Ml.Features;

/// <summary>
/// What came to a view's incremental input since its table was made, where that is all that changed: files that were appended. The rows of an entity
/// depend on the input's rows of this entity only, so those of the entities in these files are computed again, and the days that differ are written.
/// </summary>
/// <param name="Name">What the SQL calls the input.</param>
/// <param name="Content">The input now.</param>
/// <param name="Added">The keys of the files that were appended, at least one.</param>
/// <param name="Before">The view's table as it is.</param>
internal sealed record ViewIncrement(TableName Name, TableContent Content, IReadOnlySet<string> Added, TableContent Before)
{
    private const string Whole = "view input whole", New = "view input new", Table = "view before";

    /// <summary>Finds out whether the view can be made from what was appended.</summary>
    /// <param name="plan">The view; its table is there.</param>
    /// <param name="before">What the table was made from.</param>
    /// <param name="tables">The bucket's tables.</param>
    /// <param name="store">The bucket.</param>
    /// <param name="database">For reading logs.</param>
    /// <param name="cancel">Interrupts.</param>
    /// <returns>Null where everything is computed anew: another input or the definition changed, rows were replaced, or the log does not tell any more.</returns>
    public static async Task<ViewIncrement?> FindAsync(ViewPlan plan, IReadOnlyList<string> before, BucketTables tables, IObjectStore store, Database database, CancellationToken cancel)
    {
        if (plan.View.Incremental is not { } wanted || plan.Snapshot is null)
            return null;
        var (name, content) = plan.Inputs.Tables.FirstOrDefault(t => t.Name.ToString() == wanted);
        if (name is null)
            throw plan.View.Wrong($"its `incremental` table `{wanted}` is not read by its `sql`", $"it reads {string.Join(", ", plan.Inputs.Tables.Select(t => $"`{t.Name}`"))}");
        var folder = content.Table.Location.Folder;
        var line = before.FirstOrDefault(l => l.StartsWith($"{folder}@", StringComparison.Ordinal));
        if (content.Snapshot is null || line is null || !long.TryParse(line.AsSpan(folder.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || plan.Inputs.Lineage.Any(l => !l.StartsWith($"{folder}@", StringComparison.Ordinal) && !before.Contains(l)))
            return null;
        try
        {
            var then = await TableContent.ReadAsync(store, content.Table, new CheckpointReader(database), null, new AsOf(version, null), cancel);
            var now = content.Files.Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
            var added = now.Except(then.Files.Select(f => f.Key)).ToHashSet(StringComparer.Ordinal);
            return added.Count > 0 && then.Files.All(f => now.Contains(f.Key)) ? new(name, content, added, await tables.ContentAsync(database, plan.View.Location.SqlName, cancel)) : null;
        }
        catch (UserError)
        {
            // the log does not reach back so far
            return null;
        }
    }

    /// <summary>Gives the SQL the input's rows of the entities that were appended to, under the input's name.</summary>
    /// <exception cref="UserError">The input has not the entity's columns.</exception>
    public async Task MountAsync(Connection connection, FeatureView view, BucketTables tables, CancellationToken cancel)
    {
        var whole = await tables.MountedAsync(connection, Content, cancel);
        var paths = whole.Files.Zip(Content.Files).Where(f => Added.Contains(f.Second.Key)).Select(f => f.First).ToArray();
        if (view.Entity.FirstOrDefault(e => whole.Columns.All(c => c.Name != e)) is { } missing)
            throw view.Wrong($"its `incremental` table `{Name}` has no column `{missing}`", "leave `incremental` out where the table does not name the entity");
        TableViews.Create(connection, [whole with { Schema = "main", Name = Whole }, whole with { Schema = "main", Name = New, Files = paths }, (await tables.MountedAsync(connection, Before, cancel)) with { Schema = "main", Name = Table }]);
        connection.Execute($"CREATE SCHEMA IF NOT EXISTS {Sql.Identifier(Name.Schema ?? "main")}; CREATE OR REPLACE VIEW {Sql.Identifier(Name.Schema ?? "main")}.{Sql.Identifier(Name.Name)} AS SELECT w.* FROM {Sql.Identifier(Whole)} w SEMI JOIN {Sql.Identifier(New)} n ON {Same(view, "w", "n")}", cancel);
    }

    /// <summary>The days of which rows differ from those of the table, as texts.</summary>
    /// <param name="connection">Where <paramref name="rows"/> and the table are.</param>
    /// <param name="view">The view.</param>
    /// <param name="rows">The table of the rows that were computed.</param>
    /// <param name="columns">Their columns, the day included.</param>
    /// <param name="cancel">Interrupts.</param>
    /// <returns>Null where the table has other columns.</returns>
    public static IReadOnlyList<string>? Days(Connection connection, FeatureView view, string rows, IReadOnlyList<(string Name, LogicalType Type)> columns, CancellationToken cancel)
    {
        var there = connection.Describe($"FROM {Sql.Identifier(Table)}").Select(c => (c.Name, c.Type.ToString())).ToHashSet();
        if (!there.SetEquals(connection.Describe($"FROM {rows}").Select(c => (c.Name, c.Type.ToString()))))
            return null;
        var list = string.Join(", ", columns.Select(c => Sql.Identifier(c.Name)).Append("dt"));
        var (made, former) = ($"SELECT {list} FROM {rows}", $"SELECT {list} FROM {Sql.Identifier(Table)} p SEMI JOIN {Sql.Identifier(New)} n ON {Same(view, "p", "n")}");
        return [.. connection.Rows($"SELECT DISTINCT CAST(dt AS VARCHAR) FROM (({made} EXCEPT ALL {former}) UNION ALL ({former} EXCEPT ALL {made})) ORDER BY 1", cancel).Select(row => (string)row[0]!)];
    }

    /// <summary>A SELECT of all rows of these days: what was computed, and what stays of the other entities.</summary>
    public static string Written(FeatureView view, string rows, IReadOnlyList<(string Name, LogicalType Type)> columns, IReadOnlyList<string> days)
    {
        var list = string.Join(", ", columns.Select(c => Sql.Identifier(c.Name)).Append("dt"));
        var within = $"CAST(dt AS VARCHAR) IN ({string.Join(", ", days.Select(Sql.Literal).DefaultIfEmpty("NULL"))})";
        return $"SELECT {list} FROM {rows} WHERE {within} UNION ALL SELECT {list} FROM {Sql.Identifier(Table)} p ANTI JOIN {Sql.Identifier(New)} n ON {Same(view, "p", "n")} WHERE {within}";
    }

    private static string Same(FeatureView view, string one, string other) =>
        string.Join(" AND ", view.Entity.Select(e => $"{one}.{Sql.Identifier(e)} IS NOT DISTINCT FROM {other}.{Sql.Identifier(e)}"));
}
