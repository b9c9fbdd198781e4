namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>What can be wrong with a configuration.</summary>
internal static class ConfigurationError
{
    public static UserError UnknownKey(ConfigurationEntry entry, string path, IEnumerable<string> known)
    {
        var all = known.Order(StringComparer.Ordinal).ToArray();
        var nearest = NearestName.Of(entry.Key, all);
        return Make(path.Length == 0 ? $"`{entry.Key}` is not a known key" : $"`{entry.Key}` is not a known key of `{path}`", entry.KeyPlace,
            nearest is not null ? $"did you mean `{nearest}`?" : $"known: {string.Join(", ", all.Select(static k => $"`{k}`"))}");
    }

    public static UserError MissingKey(ConfigurationMapping mapping, string path) => Make($"`{path}` is missing", mapping.Place, null);

    public static UserError Missing(ConfigurationNode node, string path) => Make($"`{path}` has no value", node.Place, null);

    public static UserError WrongShape(ConfigurationNode node, string path, string expected, string? hint = null)
    {
        var found = node switch
        {
            ConfigurationScalar scalar => $"`{scalar.Shown}`",
            ConfigurationSequence => "a list",
            _ => "a mapping",
        };
        return Make($"`{path}` must be {expected}, not {found}", node.Place, hint);
    }

    public static UserError WrongValue(ConfigurationScalar scalar, string path, string expected, string? hint = null) =>
        Make($"`{path}` must be {expected}, not `{scalar.Shown}`", scalar.Place, hint);

    private static UserError Make(string what, ConfigurationPlace place, string? hint) => new(what) { Where = [place.Where], Hint = hint, ExitCode = ExitCode.Usage };
}
