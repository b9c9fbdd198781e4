namespace DataSpoc.Contracts.Names;

/// <summary>
/// The names of the contract: sources, domains, tables, models, views, pipelines (CONTRACT section 1).
/// They match <c>[a-z0-9][a-z0-9_-]{0,127}</c>, so they are safe as folder, as object key and as part of a file name.
/// </summary>
public static class Name
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>Whether it is a name of the contract.</summary>
    public static bool IsValid(string? name)
    {
        if (name is null or "" || name.Length > MaxLength || !IsFirst(name[0]))
            return false;
        foreach (var c in name)
            if (!IsFirst(c) && c is not ('_' or '-'))
                return false;
        return true;
    }

    /// <summary>The name itself where it is one.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="kind">What it should name, as people call it: <c>source</c>, <c>table</c>, <c>pipeline</c>.</param>
    /// <exception cref="UserError">It is not a name of the contract (<see cref="ExitCode.Usage"/>).</exception>
    public static string Require(string name, string kind) => IsValid(name) ? name : throw new UserError($"`{name}` cannot be the name of a {kind}")
    {
        Where = [(kind, name)],
        Hint = "names are 1 to 128 of a-z, 0-9, _ and -, and begin with a letter or a digit" + (Folded(name) is { } folded ? $", such as `{folded}`" : ""),
        ExitCode = ExitCode.Usage,
    };

    private static string? Folded(string name) => string.IsNullOrEmpty(name) ? null : NameFolding.Fold(name);

    internal static bool IsFirst(char c) => c is >= 'a' and <= 'z' or >= '0' and <= '9';
}
