using DataSpoc.Contracts.CommandLine.Configuration;
using DataSpoc.Contracts.Layout;
using DataSpoc.Platform.Access;

namespace DataSpoc.Platform.Declaration;

/// <summary>Checks the own roles of a file and adds them to the built-in ones.</summary>
internal static class RoleCheck
{
    public static Dictionary<string, IReadOnlyList<Rule>> Roles(PlatformFile file, Problems problems)
    {
        var roles = new Dictionary<string, IReadOnlyList<Rule>>(BuiltInRoles.ByName);
        foreach (var (name, entries) in file.Roles)
        {
            if (entries.Count == 0)
                continue;
            if (BuiltInRoles.ByName.ContainsKey(name))
                problems.Add(entries[0].Prefix, $"`{name}` is a built-in role", "give your own role another name");
            roles[name] = Rules(name, entries, problems);
        }
        return roles;
    }

    private static List<Rule> Rules(string role, IReadOnlyList<RuleEntry> entries, Problems problems)
    {
        var rules = new List<Rule>();
        foreach (var entry in entries)
        {
            if (WrongPrefix(entry.Prefix.Value) is { } wrong)
            {
                problems.Add(entry.Prefix, $"the prefix `{entry.Prefix.Value}` of role `{role}` {wrong}", "write `gold/sales/`, or a document's whole key");
                continue;
            }
            var actions = entry.Allow.Aggregate(Actions.None, static (all, one) => all | Action(one));
            if (actions == Actions.None)
                problems.Add(entry.Prefix, $"role `{role}` allows nothing on `{entry.Prefix.Value}`", "list what is allowed: `allow: [read, list]`");
            if (rules.FirstOrDefault(other => (other.Actions & actions) != 0 && Overlap(other.Prefix, entry.Prefix.Value)) is { } over)
                problems.Add(entry.Prefix, $"`{entry.Prefix.Value}` and `{over.Prefix}` of role `{role}` overlap, both with {(over.Actions & actions).Words()}", "one of them is enough");
            rules.Add(new(entry.Prefix.Value, actions));
        }
        CheckWriter(role, entries, rules, problems);
        return rules;
    }

    /// <summary>A prefix has one writing tool; a role that writes the prefixes of two would break that.</summary>
    private static void CheckWriter(string role, IReadOnlyList<RuleEntry> entries, List<Rule> rules, Problems problems)
    {
        (WritingTool Tool, string Prefix)? first = null;
        foreach (var rule in rules.Where(static rule => (rule.Actions & (Actions.Write | Actions.Delete)) != 0))
        {
            foreach (var tool in Enum.GetValues<WritingTool>())
            {
                if (!WrittenPrefixes.WrittenBy(tool).Any(written => Overlap(written, rule.Prefix)))
                    continue;
                if (first is { } one && one.Tool != tool)
                {
                    var where = entries.First(entry => entry.Prefix.Value == rule.Prefix).Prefix;
                    problems.Add(where, one.Prefix == rule.Prefix
                        ? $"role `{role}` could write what `{Name(one.Tool)}` and `{Name(tool)}` write: `{rule.Prefix}`"
                        : $"role `{role}` could write what `{Name(tool)}` writes (`{rule.Prefix}`) beside what `{Name(one.Tool)}` writes (`{one.Prefix}`)",
                        "a prefix has one writing tool (contracts/README.md, section 1); make two roles");
                    return;
                }
                first ??= (tool, rule.Prefix);
            }
        }
    }

    private static string? WrongPrefix(string prefix)
    {
        if (prefix.AsSpan().ContainsAny('*', '?'))
            return "has a wildcard; a prefix holds everything below it by itself";
        if (prefix.Length == 0 || prefix == "/")
            return "is the whole bucket; name the prefixes that are needed";
        if (prefix[0] == '/' || prefix.Contains("//", StringComparison.Ordinal) || prefix.Split('/').Any(static part => part is "." or ".."))
            return "is not a path relative to the bucket";
        if (!prefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '.' or '=') || prefix.Length > 512)
            return "has other characters than letters, digits and `/ _ - . =`";
        return prefix.EndsWith('/') || (prefix.Split('/')[^1].Contains('.', StringComparison.Ordinal) && !prefix.EndsWith('-')) ? null : "does not end with `/`, and would also hold its neighbours of the same beginning";
    }

    private static bool Overlap(string one, string other) => Holds(one, other) || Holds(other, one);

    private static bool Holds(string outer, string inner) => outer == inner || (outer.EndsWith('/') && inner.StartsWith(outer, StringComparison.Ordinal));

    private static Actions Action(AllowedAction action) => action switch
    {
        AllowedAction.Read => Actions.Read,
        AllowedAction.List => Actions.List,
        AllowedAction.Write => Actions.Write,
        _ => Actions.Delete,
    };

    private static string Name(WritingTool tool) => tool.ToString().ToLowerInvariant();
}
