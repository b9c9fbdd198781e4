using System.Reflection;
using System.Text.RegularExpressions;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Configuration;

namespace DataSpoc.Platform.Declaration;

/// <summary>Checks the section <c>deploy</c>: what stands there ends up in manifests, so only what cannot mean anything else there is taken.</summary>
/// <param name="account">Of bare roles.</param>
/// <param name="problems">Where what is wrong goes.</param>
internal sealed partial class DeployCheck(string account, Problems problems)
{
    /// <summary>The tools that can be scheduled.</summary>
    public static readonly string[] Tools = ["pipe", "lens", "ml"];

    private static readonly string[] Accounts = ["serve", .. Tools];

    /// <summary>What holds without a section.</summary>
    public static DeclaredDeployment Default { get; } = new DeployCheck("", new()).Read(new());

    /// <summary>What the section says; only of use where nothing was wrong.</summary>
    public DeclaredDeployment Read(DeployEntry entry)
    {
        Keys(entry.Images, Tools, "images", "tool");
        Keys(entry.Roles, Accounts, "roles", "service account");
        foreach (var image in entry.Images.Values.Where(static image => !Image().IsMatch(image.Value)))
            problems.Add(image, $"`{image.Value}` is not the name of an image", "write `registry.example/shop-ml:1.2`, or pin it: `registry.example/shop-ml@sha256:…`");
        foreach (var role in entry.Roles.Values)
            if (PrincipalName.Wrong(role.Value) is { } wrong)
                problems.Add(role, $"the role `{role.Value}` {wrong}", "write `role/serve-late`, or its ARN");
        foreach (var (name, value) in entry.Environment)
            CheckVariable(name, value);
        if (entry.Secret is { } secret && !KubernetesLabel().IsMatch(secret.Value))
            problems.Add(secret, $"`{secret.Value}` is not the name of a Secret", "use lower-case letters, digits and `-`, at most 63");
        if (entry.Replicas is { Value: < 1 or > 1000 } replicas)
            problems.Add(replicas, "`replicas` is from 1 to 1000");
        Matches(entry.Cpu, Cpu(), "is no amount of processor", "write `500m` or `2`");
        Matches(entry.Memory, Memory(), "is no amount of memory", "write `512Mi` or `2Gi`");
        var version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);
        return new(
            Tools.ToDictionary(static tool => tool, tool => entry.Images.GetValueOrDefault(tool)?.Value ?? $"dataspoc/{tool}:{version}"),
            new SortedDictionary<string, string>(entry.Environment.ToDictionary(static pair => pair.Key, static pair => pair.Value.Value), StringComparer.Ordinal),
            entry.Secret?.Value,
            entry.Roles.Where(static pair => PrincipalName.Wrong(pair.Value.Value) is null).ToDictionary(static pair => pair.Key, pair => PrincipalName.Arn(pair.Value.Value, account)),
            entry.Replicas?.Value ?? 1, entry.Cpu?.Value ?? "500m", entry.Memory?.Value ?? "1Gi",
            [.. entry.Schedules.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(pair => Schedule(pair.Key, pair.Value))]);
    }

    private Schedule Schedule(string name, Located<ScheduleEntry> at)
    {
        // Kubernetes appends to a CronJob's name, which may have 52 characters
        if (!KubernetesLabel().IsMatch(name) || name.Length > 40)
            problems.Add(at, $"`{name}` cannot be the name of a schedule", "use lower-case letters, digits and `-`, at most 40, and begin with a letter");
        if (Cron.Wrong(at.Value.At.Value) is { } wrong)
            problems.Add(at.Value.At, $"`{at.Value.At.Value}` {wrong}", "write minute, hour, day, month, weekday, in UTC: `15 2 * * *`");
        var (words, unclear) = CommandWords.Of(at.Value.Run.Value);
        if (unclear is not null)
            problems.Add(at.Value.Run, $"`{at.Value.Run.Value}` {unclear}", "one command of `pipe`, `lens` or `ml`; what needs a shell goes into a script of the image");
        else if (words is not [var tool, ..] || !Tools.Contains(tool))
            problems.Add(at.Value.Run, $"`{at.Value.Run.Value}` is no command of `pipe`, `lens` or `ml`", words is [var first, ..] && NearestName.Of(first, Tools) is { } near ? $"did you mean `{near}`?" : "write it as one types it: `pipe ingest orders`");
        else if (words.Count == 1)
            problems.Add(at.Value.Run, $"`{tool}` alone does nothing", "write it as one types it: `pipe ingest orders`");
        if (at.Value.Run.Value.Any(char.IsControl))
            problems.Add(at.Value.Run, "a command has no line breaks or control characters");
        return new(name, at.Value.At.Value, words is [var known, ..] ? known : "", [.. words.Skip(1)]);
    }

    private void CheckVariable(string name, Located<string> value)
    {
        if (!Variable().IsMatch(name))
            problems.Add(value, $"`{name}` cannot be the name of an environment variable", "use letters, digits and `_`");
        else if (name is "AWS_SECRET_ACCESS_KEY" or "AWS_ACCESS_KEY_ID" or "AWS_SESSION_TOKEN" || name.EndsWith("PASSWORD", StringComparison.OrdinalIgnoreCase) || name.EndsWith("TOKEN", StringComparison.OrdinalIgnoreCase))
            problems.Add(value, $"`{name}` is a secret, and manifests are kept in git", "put it into a Secret, and name that in `secret:`");
        if (value.Value.Any(char.IsControl))
            problems.Add(value, $"the value of `{name}` has a line break or a control character");
    }

    private void Keys(IReadOnlyDictionary<string, Located<string>> entries, string[] known, string where, string what)
    {
        foreach (var (key, value) in entries)
            if (!known.Contains(key))
                problems.Add(value, $"`{key}` is no {what} of `deploy.{where}`", $"there is {string.Join(", ", known.Select(static name => $"`{name}`"))}");
    }

    private void Matches(Located<string>? value, Regex form, string wrong, string hint)
    {
        if (value is not null && !form.IsMatch(value.Value))
            problems.Add(value, $"`{value.Value}` {wrong}", hint);
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]*(:\d{1,5})?(/[a-z0-9][a-z0-9._-]*)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex KubernetesLabel();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^([1-9]\d{0,5}m|[1-9]\d{0,3}|0\.[1-9]\d{0,2}|[1-9]\d{0,2}\.\d{1,3})\z")]
    private static partial Regex Cpu();

    [GeneratedRegex(@"^[1-9]\d{0,8}(Mi|Gi|M|G)\z")]
    private static partial Regex Memory();
}
