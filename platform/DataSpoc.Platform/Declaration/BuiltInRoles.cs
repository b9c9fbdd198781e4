using DataSpoc.Contracts.Layout;
using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Declaration;

/// <summary>A role's rule: what may be done below a prefix.</summary>
internal sealed record Rule(string Prefix, Actions Actions);

/// <summary>The roles everybody has; each is the prefixes of the contract that its tool needs, and no other.</summary>
internal static class BuiltInRoles
{
    private const Actions Read = Actions.Read | Actions.List;
    private const Actions All = ActionWords.OnPrefix;

    /// <summary>By name, in the order of the documentation.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Rule>> ByName { get; } = new Dictionary<string, IReadOnlyList<Rule>>
    {
        // runs pipe
        ["data_engineer"] = [.. Written(WritingTool.Pipe), new("", Actions.Uploads)],
        // runs lens; what was rejected is not for analysis
        ["analyst"] =
        [
            .. Written(WritingTool.Lens), new(DocumentKeys.PipeManifest, Read), new(DocumentKeys.MlManifest, Read), new("raw/", Read), new("curated/", Read),
            new("ml/predictions/", Read), new("ml/features/", Read), new("ml/monitoring/", Read),
        ],
        // runs ml
        ["data_scientist"] =
        [
            .. Written(WritingTool.Ml), new(DocumentKeys.PipeManifest, Read), new(DocumentKeys.LensManifest, Read), new("raw/", Read), new("curated/", Read), new("gold/", Read),
        ],
        // serves models, which look up features, and predictions, and keeps what it answered: `ml serve --log` commits the tables monitoring.<model>_requests by runs of that name
        ["service"] =
        [
            new("ml/models/", Read), new("ml/predictions/", Read), new("ml/features/", Read),
            new("ml/monitoring/", Read | Actions.Write), new(".dataspoc/ml/state/requests-", Read | Actions.Write), new(DocumentKeys.MlManifest, Read | Actions.Write),
        ],
        // sees what is there, who ran what and how it ended, and no row of data
        ["auditor"] = [new(".dataspoc/", Read), .. new[] { "raw/", "curated/", "quarantine/", "gold/", "ml/" }.Select(static prefix => new Rule(prefix, Actions.List))],
    };

    private static IEnumerable<Rule> Written(WritingTool tool) => WrittenPrefixes.WrittenBy(tool).Select(static prefix => new Rule(prefix, All));
}
