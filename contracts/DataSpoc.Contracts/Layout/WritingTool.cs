namespace DataSpoc.Contracts.Layout;

/// <summary>The tools that write into a bucket. Platform writes none of its own.</summary>
public enum WritingTool
{
    /// <summary>Data engineers.</summary>
    Pipe,

    /// <summary>Analysts.</summary>
    Lens,

    /// <summary>Data scientists.</summary>
    Ml,
}

/// <summary>Who writes where (CONTRACT section 1). Each prefix has one writer, so a cloud IAM policy per role is a list of prefixes.</summary>
public static class WrittenPrefixes
{
    /// <summary>The prefixes a tool writes, each with a slash at its end but for single documents. No prefix of one tool holds one of another.</summary>
    public static IReadOnlyList<string> WrittenBy(WritingTool tool) => tool switch
    {
        WritingTool.Pipe => [".dataspoc/manifest.json", ".dataspoc/state/", ".dataspoc/logs/", "raw/", "curated/", "quarantine/"],
        WritingTool.Lens => [".dataspoc/lens/", "gold/"],
        WritingTool.Ml => [".dataspoc/ml/", "ml/"],
        _ => throw new ArgumentOutOfRangeException(nameof(tool), tool, "not a tool"),
    };

    /// <summary>
    /// The prefix below which a run's staged bytes lie on <c>file://</c>; every tool writes there, each under its own run ids. On S3 nothing is written there.
    /// </summary>
    public const string Staging = ".dataspoc/staging/";

    /// <summary>The tool that writes a key, or null where no tool does (<see cref="Staging"/> included).</summary>
    public static WritingTool? WriterOf(string key)
    {
        foreach (var tool in Enum.GetValues<WritingTool>())
            foreach (var prefix in WrittenBy(tool))
                if (prefix.EndsWith('/') ? key.StartsWith(prefix, StringComparison.Ordinal) : key == prefix)
                    return tool;
        return null;
    }

    /// <summary>The tool that writes the tables of a layer.</summary>
    public static WritingTool WriterOf(Layer layer) => layer switch
    {
        Layer.Raw or Layer.Curated or Layer.Quarantine => WritingTool.Pipe,
        Layer.Gold => WritingTool.Lens,
        _ => WritingTool.Ml,
    };
}
