using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.Documents;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>A table of a bucket, by name.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Entry">What the bucket's manifest says of it; null where the table was found by its folder alone.</param>
/// <param name="Name">Its name in SQL: <c>shop_orders</c>; <c>shop/orders</c> where the joined name is that of another table too.</param>
public sealed record CatalogTable(TableLocation Location, ManifestEntry? Entry, string Name)
{
    /// <summary>Its schema in SQL: the layer.</summary>
    public string Schema => Location.Layer.Name;

    /// <summary>The name that is always its own: <c>shop/orders</c>, <c>late</c> in the layers of ML. It answers to it too.</summary>
    public string ExactName => ExactNameOf(Location);

    /// <summary>The table without rows, with the columns that the manifest tells; null where it tells none. Types that SQL does not have are VARCHAR.</summary>
    public MountedTable? Declared => Entry is { Columns.Count: > 0 }
        ? new(Schema, Name, [.. Entry.Columns.Select(column => new MountedColumn(column.Name, TypeOf(column)))], [])
        : null;

    /// <summary>As it is written in SQL: <c>raw.shop_orders</c>, <c>raw."a-b_c"</c>.</summary>
    public override string ToString() => new TableName(null, Schema, Name).ToString();

    private static LogicalType TypeOf(ManifestColumn column) => ArrowNames.Parse(column.Type) is { } type ? StorageTypes.FromDelta(type) : LogicalType.Varchar;

    internal static string ExactNameOf(TableLocation location) => location.Source is null ? location.Table : $"{location.Source}/{location.Table}";
}
