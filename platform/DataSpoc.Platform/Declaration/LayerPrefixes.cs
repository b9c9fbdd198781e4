using DataSpoc.Contracts.Layout;

namespace DataSpoc.Platform.Declaration;

/// <summary>Which prefixes a bucket has, given what is in it.</summary>
internal static class LayerPrefixes
{
    private static readonly (string Prefix, LayerGroup[] Of)[] Owners =
    [
        ("raw/", [LayerGroup.Raw]),
        ("quarantine/", [LayerGroup.Raw]),
        ("curated/", [LayerGroup.Curated]),
        ("gold/", [LayerGroup.Gold]),
        (".dataspoc/lens/", [LayerGroup.Gold]),
        ("ml/", [LayerGroup.Ml]),
        (".dataspoc/ml/", [LayerGroup.Ml]),
        (DocumentKeys.PipeManifest, [LayerGroup.Raw, LayerGroup.Curated]),
        (".dataspoc/state/", [LayerGroup.Raw, LayerGroup.Curated]),
        (".dataspoc/logs/", [LayerGroup.Raw, LayerGroup.Curated]),
    ];

    /// <summary>The prefixes of the contract, as finely as permissions part them.</summary>
    public static IReadOnlyList<string> Contract { get; } =
    [
        "raw/", "curated/", "quarantine/", "gold/", "ml/models/", "ml/predictions/", "ml/features/", "ml/monitoring/",
        DocumentKeys.PipeManifest, ".dataspoc/state/", ".dataspoc/logs/", DocumentKeys.LensManifest, ".dataspoc/lens/state/", ".dataspoc/lens/logs/",
        DocumentKeys.MlManifest, ".dataspoc/ml/state/", ".dataspoc/ml/logs/",
    ];

    /// <summary>Whether a bucket of these layers has anything below the prefix; what no layer owns is everywhere.</summary>
    public static bool Has(IReadOnlyCollection<LayerGroup> layers, string prefix) =>
        Owners.FirstOrDefault(owner => prefix.StartsWith(owner.Prefix, StringComparison.Ordinal)) is not { Of: { } of } || of.Any(layers.Contains);
}
