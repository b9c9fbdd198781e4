using DataSpoc.Contracts.Names;

namespace DataSpoc.Contracts.Layout;

/// <summary>
/// Where a table is: <c>raw/shop/orders</c>, <c>gold/sales/revenue</c>, <c>ml/predictions/late</c>.
/// The names of new tables match <see cref="Name.IsValid"/>. Those of folders that are there may be any that are one safe segment of a path
/// (DataSpoc 1.0 took streams as they were called). No name can leave its prefix.
/// </summary>
public sealed record TableLocation
{
    /// <summary>A table of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="source">The source (raw, quarantine) or domain (curated, gold); null in the layers of ML.</param>
    /// <param name="table">The table, model or view.</param>
    /// <exception cref="UserError">A name is not one of the contract's names (<see cref="ExitCode.Usage"/>).</exception>
    public TableLocation(Layer layer, string? source, string table)
    {
        if (layer.IsMl != source is null)
            throw new ArgumentException(layer.IsMl ? $"{layer.Name} has no source" : $"{layer.Name} needs a source", nameof(source));
        Layer = layer;
        Source = source is null ? null : Name.Require(source, layer is Layer.Raw or Layer.Quarantine ? "source" : "domain");
        Table = Name.Require(table, "table");
    }

    private TableLocation(string? source, string table, Layer layer) => (Layer, Source, Table) = (layer, source, table);

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>The source (raw, quarantine) or domain (curated, gold); null in the layers of ML.</summary>
    public string? Source { get; }

    /// <summary>The table, model or view.</summary>
    public string Table { get; }

    /// <summary>The table's folder relative to the bucket's root, without a slash at its end.</summary>
    public string Folder => Source is null ? $"{Layer.Folder}/{Table}" : $"{Layer.Folder}/{Source}/{Table}";

    /// <summary>The folder of the table's Delta log, without a slash at its end.</summary>
    public string LogFolder => Folder + "/_delta_log";

    /// <summary>The key of its manifest entry: 1.0's <c>shop/orders</c> for raw, <c>gold/sales/revenue</c> or <c>predictions/late</c> otherwise.</summary>
    public string ManifestKey => (Layer, Source) switch
    {
        (Layer.Raw, _) => $"{Source}/{Table}",
        (_, null) => $"{Layer.Name}/{Table}",
        _ => $"{Layer.Name}/{Source}/{Table}",
    };

    /// <summary>The table in SQL, without its schema: <c>shop_orders</c>, or <c>late</c> in the layers of ML.</summary>
    public string SqlTable => Source is null ? Table : $"{Source}_{Table}";

    /// <summary>The table in SQL: <c>raw.shop_orders</c>, <c>predictions.late</c>. Names with a dash need quotes there.</summary>
    public string SqlName => $"{Layer.Name}.{SqlTable}";

    /// <summary>The key of a file of this table, given its path relative to the table's folder.</summary>
    public string KeyOf(string relativePath) => $"{Folder}/{relativePath}";

    /// <summary>The location of a folder such as <c>raw/shop/orders</c>, or null where it is none.</summary>
    public static TableLocation? FromFolder(string folder)
    {
        var parts = folder.Trim('/').Split('/');
        return parts is ["ml", var ml, var name] && LayerNames.Find(ml) is { IsMl: true } mlLayer ? From(mlLayer, null, name)
            : parts is [var plain, var source, var table] && LayerNames.Find(plain) is { IsMl: false } layer ? From(layer, source, table)
            : null;
    }

    /// <summary>The location that a manifest key stands for, or null where it is none.</summary>
    public static TableLocation? FromManifestKey(string key) => key.Split('/') switch
    {
        [var layer, var name] when LayerNames.Find(layer) is { IsMl: true } ml => From(ml, null, name),
        [var source, var table] => From(Layer.Raw, source, table),
        [var layer, var source, var table] when LayerNames.Find(layer) is { IsMl: false } plain => From(plain, source, table),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => Folder;

    private static TableLocation? From(Layer layer, string? source, string table) =>
        (source is null || IsSafe(source)) && IsSafe(table) ? new(source, table, layer) : null;

    // names that begin with `_` or `.` are hidden folders to every reader of Parquet, `_delta_log` among them
    private static bool IsSafe(string segment) =>
        segment.Length is > 0 and <= 255 && segment[0] is not ('_' or '.') && !segment.AsSpan().ContainsAny('/', '\\') && !segment.Any(char.IsControl);
}
