using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.DuckDb.Mounting;
using SqlText = DataSpoc.Contracts.DuckDb.Sql;

namespace DataSpoc.Lens.Catalog;

/// <summary>Makes tables views of a connection: a bucket is a database, a layer a schema.</summary>
internal static class TableMounts
{
    /// <summary>Makes the views.</summary>
    /// <param name="connection">Not locked yet.</param>
    /// <param name="selection">What is mounted, and what is only declared.</param>
    /// <param name="buckets">Where <c>raw.orders</c> is looked for.</param>
    public static void Create(Connection connection, TableSelection selection, BucketSet buckets)
    {
        // SQL does not tell names apart by case, folders do
        var views = new Dictionary<string, ResolvedTable>(StringComparer.OrdinalIgnoreCase);
        var mounted = new List<MountedTable>();
        foreach (var loaded in selection.Loaded)
            if (views.TryAdd(loaded.Table.View.ToString(), loaded.Table))
                mounted.Add(Named(loaded.Content.Mounted(connection, loaded.Paths), loaded.Table));
            else if (views[loaded.Table.View.ToString()].Table.Location != loaded.Table.Table.Location)
                throw BucketCatalog.Ambiguous([views[loaded.Table.View.ToString()].Table.ToString(), loaded.Table.Table.ToString()], loaded.Table.Written.ToString());
        TableViews.Create(connection, mounted);
        TableViews.Declare(connection, selection.Listed.Where(table => views.TryAdd(table.View.ToString(), table)).Select(table => Named(table.Table.Declared!, table)));
        Name(connection, selection, buckets);
    }

    /// <summary>Makes empty tables of the same names, over which the query can be planned.</summary>
    public static void Outline(Connection connection, TableSelection selection, IReadOnlyCollection<MountedTable> tables, BucketSet buckets)
    {
        TableViews.Outline(connection, tables);
        Name(connection, selection, buckets);
    }

    /// <summary>A table under the name that the query has for it.</summary>
    public static MountedTable Named(MountedTable mounted, ResolvedTable table) => mounted with { Name = table.ViewName, Bucket = table.Bucket.Name };

    // names without schema, ml.models, and where names are looked for
    private static void Name(Connection connection, TableSelection selection, BucketSet buckets)
    {
        foreach (var bare in selection.Loaded.Select(loaded => loaded.Table).Where(table => table.Written.Schema is null).DistinctBy(table => table.Written.Name, StringComparer.OrdinalIgnoreCase))
            connection.Execute($"CREATE TEMP VIEW {SqlText.Identifier(bare.Written.Name)} AS FROM {bare.View}");
        foreach (var models in selection.Models)
            connection.Execute(ModelView.Definition(models));
        SetSearchPath(connection, [
            .. selection.Loaded.Select(loaded => loaded.Table).Concat(selection.Listed).Select(table => (table.Bucket, table.Table.Schema)),
            .. selection.Models.Select(models => (models.Bucket, ModelList.Schema)),
        ], buckets);
    }

    /// <summary>Lets <c>raw.orders</c> be found in the default bucket, or in whichever bucket has it.</summary>
    private static void SetSearchPath(Connection connection, IEnumerable<(NamedBucket Bucket, string Schema)> schemas, BucketSet buckets)
    {
        var path = schemas.Where(schema => buckets.Preferred.Contains(schema.Bucket))
            .Select(schema => $"{SqlText.Identifier(schema.Bucket.Name)}.{SqlText.Identifier(schema.Schema)}").Distinct().ToArray();
        if (path.Length > 0)
            connection.Execute($"SET search_path = {SqlText.Literal(string.Join(',', path))}");
    }
}
