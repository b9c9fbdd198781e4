using System.Text.Json.Nodes;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Singer.Batches;

namespace DataSpoc.Pipe.Sources.Taps;

/// <summary>A Singer tap of a pipeline.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Config">Its configuration, or the path of a file with it.</param>
internal sealed record TapPlan(string Command, JsonNode? Config) : ISourcePlan
{
    /// <summary>The path of a catalog; null: the tap is asked for one where streams are chosen.</summary>
    public string? Catalog { get; init; }

    /// <summary>Whether the tap is of the time when the catalog was called <c>--properties</c>.</summary>
    public bool TakesProperties { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    public TimeSpan? TotalTimeout { get; init; }

    /// <summary>The longest line, in bytes.</summary>
    public int? LongestLine { get; init; }

    public ShapeRules Shapes { get; init; } = ShapeRules.Usual;

    /// <summary>The column that gets each record's <c>time_extracted</c>; null: none.</summary>
    public string? ExtractedAt { get; init; }

    public IDiscoverableSource Open(SourceOpening opening)
    {
        var settings = new TapSettings
        {
            Command = Command,
            Config = Config,
            Catalog = Catalog,
            CatalogOption = TakesProperties ? "--properties" : "--catalog",
            Streams = opening.Streams,
            State = opening.State,
            Folder = opening.Folder,
            TotalTimeout = TotalTimeout,
            Time = opening.Time,
            Log = opening.Log,
            Reading = new() { Origin = "", Shapes = Shapes, ExtractedAt = ExtractedAt, Batches = new BatchFiles(opening.Database, opening.Cache, opening.OpenStore, opening.Folder) },
        };
        settings = IdleTimeout is { } idle ? settings with { IdleTimeout = idle } : settings;
        return new SingerTap(LongestLine is { } longest ? settings with { Reading = settings.Reading with { MaxLineBytes = longest } } : settings);
    }
}
