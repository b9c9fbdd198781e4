using System.Text;

namespace DataSpoc.Contracts.CommandLine.Configuration;

/// <summary>
/// <c>${VAR}</c> and <c>${VAR:-default}</c> from the environment, in values only. <c>$${</c> is a literal <c>${</c>. An empty variable
/// counts as set for the first form and as missing for the second, as in a shell.
/// </summary>
internal sealed class VariableExpansion(Func<string, string?> variable)
{
    /// <summary>Leaves everything as written.</summary>
    public static VariableExpansion None { get; } = new(static name => $"${{{name}}}");

    /// <summary>The text, and the variables whose values are in it.</summary>
    public (string Text, IReadOnlyList<string> Variables) Expand(string text, ConfigurationPlace place)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return (text, []);
        var expanded = new StringBuilder();
        var used = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (text.AsSpan(at).StartsWith("$${", StringComparison.Ordinal))
            {
                expanded.Append("${");
                at += 3;
            }
            else if (text.AsSpan(at).StartsWith("${", StringComparison.Ordinal))
            {
                var end = text.IndexOf('}', at);
                if (end < 0)
                    throw Wrong("`${` has no `}` after it", place, "write `$${` for a literal `${`");
                expanded.Append(One(text[(at + 2)..end], place, used));
                at = end + 1;
            }
            else
            {
                expanded.Append(text[at++]);
            }
        }
        return (expanded.ToString(), used);
    }

    private string One(string inside, ConfigurationPlace place, List<string> used)
    {
        var split = inside.IndexOf(":-", StringComparison.Ordinal);
        var name = split < 0 ? inside : inside[..split];
        if (!IsName(name))
            throw Wrong($"`${{{inside}}}` is not a variable", place, "write `${NAME}` or `${NAME:-default}`");
        var value = variable(name);
        if (split >= 0 && string.IsNullOrEmpty(value))
            return inside[(split + 2)..];
        used.Add(name);
        return value ?? throw Wrong($"the environment variable `{name}` is not set", place, $"set it (`export {name}=…`), or give a default: `${{{name}:-…}}`");
    }

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static UserError Wrong(string what, ConfigurationPlace place, string hint) => new(what) { Where = [place.Where], Hint = hint, ExitCode = ExitCode.Usage };
}
