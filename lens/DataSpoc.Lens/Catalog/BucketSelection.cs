using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Contracts.Names;
using DataSpoc.Contracts.Storage;
using DataSpoc.Lens.Configuration;

namespace DataSpoc.Lens.Catalog;

/// <summary>Which buckets a command works on: those of <c>--bucket</c>, or else those of <c>lens.yaml</c>.</summary>
internal static class BucketSelection
{
    /// <summary>Opens the buckets; none is touched.</summary>
    /// <param name="given">The values of <c>--bucket</c>: a URI, <c>name=URI</c>, or the name of a bucket in <c>lens.yaml</c>.</param>
    /// <param name="configuration">What <c>lens.yaml</c> says.</param>
    /// <param name="environment">Makes a path absolute.</param>
    /// <exception cref="UserError">A name or a URI is not one, or two buckets have one name (<see cref="ExitCode.Usage"/>).</exception>
    public static BucketSet Open(IReadOnlyList<string> given, LensConfiguration configuration, CommandEnvironment environment)
    {
        var configured = new Dictionary<string, Choice>(StringComparer.Ordinal);
        foreach (var (name, uri) in configuration.Buckets)
            configured[name] = Configured(name, uri, environment);
        var chosen = new Dictionary<string, Choice>(StringComparer.Ordinal);
        foreach (var choice in given.Count == 0 ? configured.Values : given.Select(text => Given(text, configured, environment)))
            if (!chosen.TryAdd(choice.Name, choice))
                throw new UserError($"two buckets are called `{choice.Name}`")
                {
                    Where = [("bucket", chosen[choice.Name].Uri.ToString()), ("bucket", choice.Uri.ToString())],
                    Hint = "name them: `--bucket one=URI --bucket two=URI`",
                    ExitCode = ExitCode.Usage,
                };
        var preferred = given.Count == 0 && configuration.Default is { } wanted ? Default(wanted, configured) : null;
        var buckets = chosen.Values.Select(choice => new NamedBucket(choice.Name, ObjectStores.Open(choice.Uri))).ToArray();
        return new(buckets, preferred ?? (buckets.Length == 1 ? buckets[0].Name : null));
    }

    private static Choice Configured(string name, Located<string> uri, CommandEnvironment environment)
    {
        if (!Name.IsValid(name) || BucketName.IsTaken(name))
            throw uri.Wrong($"`{name}` cannot be the name of a bucket", "take 1 to 128 of a-z, 0-9, _ and -, and no name of a layer");
        try
        {
            return new(name, Parse(uri.Value, environment));
        }
        catch (UserError error)
        {
            throw uri.Wrong(error.What, error.Hint);
        }
    }

    private static Choice Given(string text, Dictionary<string, Choice> configured, CommandEnvironment environment)
    {
        if (configured.TryGetValue(text, out var known))
            return known;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && Name.IsValid(text[..equals]))
        {
            var name = text[..equals];
            return BucketName.IsTaken(name)
                ? throw new UserError($"`{name}` cannot be the name of a bucket") { Where = [("option", $"--bucket {text}")], Hint = "it means something else in SQL; take another", ExitCode = ExitCode.Usage }
                : new(name, Parse(text[(equals + 1)..], environment));
        }
        var uri = Parse(text, environment);
        return new(BucketName.Of(uri), uri);
    }

    private static string Default(Located<string> name, Dictionary<string, Choice> configured) =>
        configured.ContainsKey(name.Value) ? name.Value : throw name.Wrong(
            $"`default` names no bucket of `buckets`: `{name.Value}`",
            NearestName.Of(name.Value, configured.Keys) is { } near ? $"did you mean `{near}`?" : $"there is {string.Join(", ", configured.Keys.Select(key => $"`{key}`"))}");

    private sealed record Choice(string Name, BucketUri Uri);

    private static BucketUri Parse(string text, CommandEnvironment environment) =>
        BucketUri.Parse(text.Length == 0 || text.Contains("://", StringComparison.Ordinal) ? text : environment.FullPath(text));
}
