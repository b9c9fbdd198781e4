using System.Globalization;
using DataSpoc.Contracts.Names;

namespace DataSpoc.Contracts.Layout;

/// <summary>The keys of the bucket's documents, relative to its root (CONTRACT section 1).</summary>
public static class DocumentKeys
{
    /// <summary>The catalog of raw, curated and quarantine.</summary>
    public const string PipeManifest = ".dataspoc/manifest.json";

    /// <summary>The catalog of gold.</summary>
    public const string LensManifest = ".dataspoc/lens/manifest.json";

    /// <summary>The catalog of predictions, features and monitoring.</summary>
    public const string MlManifest = ".dataspoc/ml/manifest.json";

    /// <summary>All catalogs; a table is in the one of its layer.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [PipeManifest, LensManifest, MlManifest];

    /// <summary>The catalog that a table's entry is in.</summary>
    public static string ManifestOf(Layer layer) => layer switch
    {
        Layer.Raw or Layer.Curated or Layer.Quarantine => PipeManifest,
        Layer.Gold => LensManifest,
        _ => MlManifest,
    };

    /// <summary>The bookmark: exactly the pipeline's last Singer STATE.</summary>
    public static string State(string pipeline) => $".dataspoc/state/{Name.Require(pipeline, "pipeline")}/state.json";

    /// <summary>The commit record of a pipeline (CONTRACT section 5).</summary>
    public static string RunRecord(string pipeline) => $".dataspoc/state/{Name.Require(pipeline, "pipeline")}/run.json";

    /// <summary>The commit record of a tool's run: Pipe's is <see cref="RunRecord(string)"/>, those of Lens and ML lie below their own prefix.</summary>
    public static string RunRecord(WritingTool tool, string name) => $"{Root(tool)}state/{Name.Require(name, "run")}/run.json";

    /// <summary>The folder of a tool's run logs of one pipeline, transform or model, with a slash at its end.</summary>
    public static string Logs(WritingTool tool, string name) => $"{Root(tool)}logs/{Name.Require(name, "run")}/";

    /// <summary>The log of one run; keys sort by time.</summary>
    public static string Log(WritingTool tool, string name, DateTimeOffset startedAt) =>
        Logs(tool, name) + startedAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture) + ".json";

    /// <summary>The folder of a model's documents and versions, with a slash at its end.</summary>
    public static string Model(string model) => $"ml/models/{Name.Require(model, "model")}/";

    /// <summary>The folder of one version of a model, with a slash at its end.</summary>
    /// <param name="model">The model.</param>
    /// <param name="version">From 1 on.</param>
    public static string ModelVersion(string model, int version) => string.Create(CultureInfo.InvariantCulture, $"{Model(model)}versions/{version}/");

    /// <summary>Which version each alias of a model names.</summary>
    public static string ModelAliases(string model) => Model(model) + "aliases.json";

    private static string Root(WritingTool tool) => tool switch
    {
        WritingTool.Pipe => ".dataspoc/",
        WritingTool.Lens => ".dataspoc/lens/",
        WritingTool.Ml => ".dataspoc/ml/",
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, "not a tool"),
    };
}
