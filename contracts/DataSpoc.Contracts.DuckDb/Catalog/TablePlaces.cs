using DataSpoc.Contracts.Layout;

namespace DataSpoc.Contracts.DuckDb.Catalog;

/// <summary>Where a table of a name in SQL may lie.</summary>
internal static class TablePlaces
{
    /// <summary><c>shop_orders</c> is shop/orders; <c>a_b_c</c> may be a/b_c or a_b/c; <c>shop/orders</c> is that alone.</summary>
    public static IReadOnlyList<TableLocation> Of(Layer layer, string name)
    {
        var folders = new List<string>();
        if (layer.IsMl || name.Contains('/', StringComparison.Ordinal))
            folders.Add(name);
        else
            for (var i = name.IndexOf('_', StringComparison.Ordinal); i >= 0; i = name.IndexOf('_', i + 1))
                folders.Add($"{name[..i]}/{name[(i + 1)..]}");
        return [.. folders.Select(folder => TableLocation.FromFolder($"{layer.Folder}/{folder}")).OfType<TableLocation>().Where(location => location.Layer == layer)];
    }
}
