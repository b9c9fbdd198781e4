namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary><c>--set a.b=c</c>; the value is YAML, so that <c>[x, y]</c> is a list. A dot inside a key is <c>\.</c>.</summary>
internal static class SettingOption
{
    public static ConfigurationMapping Parse(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        var place = new ConfigurationPlace($"--set {(equals < 0 ? setting : setting[..equals])}", 0, 0);
        if (equals <= 0)
            throw Wrong(setting, place);
        var keys = setting[..equals].Replace("\\.", "\0", StringComparison.Ordinal).Split('.').Select(static k => k.Replace('\0', '.').Trim()).ToArray();
        if (keys.Any(static k => k.Length == 0))
            throw Wrong(setting, place);
        // the shell has replaced what it should; a `${` that arrives here is meant
        var value = Place(YamlFile.Parse(setting[(equals + 1)..], place.File, VariableExpansion.None), place);
        return (ConfigurationMapping)keys.Reverse().Aggregate(value, (inner, key) => new ConfigurationMapping([new(key, place, inner)], place));
    }

    private static ConfigurationNode Place(ConfigurationNode node, ConfigurationPlace place) => node switch
    {
        ConfigurationScalar scalar => scalar with { Place = place, Variables = [] },
        ConfigurationSequence sequence => sequence with { Place = place, Items = [.. sequence.Items.Select(i => Place(i, place))] },
        ConfigurationMapping mapping => new ConfigurationMapping([.. mapping.Entries.Select(e => new ConfigurationEntry(e.Key, place, Place(e.Value, place)))], place),
        _ => node,
    };

    private static UserError Wrong(string setting, ConfigurationPlace place) => new($"`{setting}` is not `key=value`")
    {
        Where = [place.Where],
        Hint = "write `--set a.b=c`",
        ExitCode = ExitCode.Usage,
    };
}
