namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>A place in a configuration file, or an option of the command line.</summary>
/// <param name="File">As shown to people: <c>pipelines/shop.yaml</c>, or <c>--set</c>.</param>
/// <param name="Line">1 for the first line; 0 where there are no lines.</param>
/// <param name="Column">1 for the first character.</param>
public sealed record ConfigurationPlace(string File, long Line, long Column)
{
    /// <summary>For <see cref="UserError.Where"/>.</summary>
    public (string Label, string Value) Where => Line == 0 ? ("option", File) : ("file", $"{File}, line {Line}, column {Column}");
}

/// <summary>Configuration as read, before it is bound: every node knows where it stands.</summary>
internal abstract record ConfigurationNode(ConfigurationPlace Place);

/// <param name="Text">After variables were replaced.</param>
/// <param name="Plain">Written without quotes, so that <c>12</c> is a number and <c>null</c> is nothing.</param>
/// <param name="Variables">The environment variables it came from; it is never shown then.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ConfigurationScalar(string Text, bool Plain, IReadOnlyList<string> Variables, ConfigurationPlace Place) : ConfigurationNode(Place)
{
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Whether it may be meant as several: <c>orders, lines</c> without quotes, the comma outside of parentheses and braces.</summary>
    public bool ListsSeveral => Plain && Variables.Count == 0 && Text.Index().Any(at => at.Item == ',' && Depth(Text.AsSpan(0, at.Index)) == 0);

    private static int Depth(ReadOnlySpan<char> text) => text.Count('(') + text.Count('{') + text.Count('[') - text.Count(')') - text.Count('}') - text.Count(']');

    /// <summary>As it may be shown.</summary>
    public string Shown => Variables.Count == 0 ? Text : $"value of ${{{string.Join("}, ${", Variables)}}}";
}

internal sealed record ConfigurationSequence(IReadOnlyList<ConfigurationNode> Items, ConfigurationPlace Place) : ConfigurationNode(Place);

internal sealed record ConfigurationMapping(IReadOnlyList<ConfigurationEntry> Entries, ConfigurationPlace Place) : ConfigurationNode(Place)
{
    public ConfigurationNode? this[string key] => Entries.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>This with what lies over it: mappings are merged key by key, everything else is replaced.</summary>
    public ConfigurationMapping With(ConfigurationMapping overlay)
    {
        var merged = Entries.ToList();
        foreach (var entry in overlay.Entries)
        {
            var at = merged.FindIndex(e => e.Key == entry.Key);
            if (at < 0)
                merged.Add(entry);
            else
                merged[at] = merged[at].Value is ConfigurationMapping below && entry.Value is ConfigurationMapping above ? merged[at] with { Value = below.With(above) } : entry;
        }
        return this with { Entries = merged };
    }

    public ConfigurationMapping Without(string key) => this with { Entries = [.. Entries.Where(e => e.Key != key)] };
}

internal sealed record ConfigurationEntry(string Key, ConfigurationPlace KeyPlace, ConfigurationNode Value);
