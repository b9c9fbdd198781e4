namespace DataSpoc.Contracts.Layout;

/// <summary>What kind of table a folder of the bucket holds (CONTRACT section 1). In SQL a layer is a schema.</summary>
public enum Layer
{
    /// <summary>Exactly as extracted; <c>pipe ingest</c> writes it.</summary>
    Raw,

    /// <summary>Cleaned, typed, deduplicated; <c>pipe transform</c> writes it.</summary>
    Curated,

    /// <summary>Aggregations of analysts; <c>lens transform</c> writes it.</summary>
    Gold,

    /// <summary>One table per model; <c>ml predict</c> writes it.</summary>
    Predictions,

    /// <summary>One table per materialised feature view; <c>ml features</c> writes it.</summary>
    Features,

    /// <summary>Drift and performance, one table per model; <c>ml drift</c> writes it.</summary>
    Monitoring,

    /// <summary>Rejected records of one raw table; <c>pipe ingest</c> writes it.</summary>
    Quarantine,
}

/// <summary>What a layer is called and where it lies.</summary>
public static class LayerNames
{
    /// <summary>All layers, in the order of <see cref="Layer"/>.</summary>
    public static IReadOnlyList<Layer> All { get; } = Enum.GetValues<Layer>();

    extension(Layer layer)
    {
        /// <summary>The layer's name in SQL and in the manifest: <c>raw</c>, <c>predictions</c>, …</summary>
        public string Name => layer switch
        {
            Layer.Raw => "raw",
            Layer.Curated => "curated",
            Layer.Gold => "gold",
            Layer.Predictions => "predictions",
            Layer.Features => "features",
            Layer.Monitoring => "monitoring",
            Layer.Quarantine => "quarantine",
            _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, "not a layer"),
        };

        /// <summary>The layer's folder relative to the bucket's root, without a slash at its end: <c>raw</c>, <c>ml/predictions</c>, …</summary>
        public string Folder => layer.IsMl ? "ml/" + layer.Name : layer.Name;

        /// <summary>Whether its tables have one name (the model or the view) instead of source or domain and table.</summary>
        public bool IsMl => layer is Layer.Predictions or Layer.Features or Layer.Monitoring;
    }

    /// <summary>The layer of that name, or null.</summary>
    public static Layer? Find(string name)
    {
        foreach (var layer in All)
            if (layer.Name == name)
                return layer;
        return null;
    }
}
