using System.IO.Enumeration;
using DataSpoc.Contracts;

namespace DataSpoc.Pipe.Sources.Databases;

/// <summary>
/// Chooses tables by their names: exact ones, globs with <c>*</c> and <c>?</c>, and <c>!</c> before what is left out. A name is the stream's
/// (<c>orders</c>) or has its schema (<c>public.orders</c>); letters' case matters. Globs and an empty choice mean tables; a view is read where its name is written out.
/// </summary>
/// <param name="patterns">In any order; <c>!</c> always wins.</param>
internal sealed class StreamPatterns(IReadOnlyCollection<string> patterns)
{
    private readonly string[] _wanted = [.. patterns.Where(pattern => !pattern.StartsWith('!'))];
    private readonly string[] _excluded = [.. patterns.Where(pattern => pattern.StartsWith('!')).Select(pattern => pattern[1..])];

    /// <summary>The chosen ones, in their order.</summary>
    /// <param name="all">Everything there is.</param>
    /// <param name="namesOf">The names under which one may be written.</param>
    /// <param name="inGlobs">Whether a glob means it.</param>
    /// <param name="where">Where it was looked for, for messages.</param>
    /// <exception cref="UserError">A name or glob that matches nothing (<see cref="ExitCode.Usage"/>).</exception>
    public IReadOnlyList<T> Choose<T>(IReadOnlyList<T> all, Func<T, IReadOnlyList<string>> namesOf, Func<T, bool> inGlobs, string where)
    {
        foreach (var pattern in _wanted)
            if (!all.Any(one => IsMeant(pattern, one)))
                throw new UserError($"no table matches `{pattern}`") { Where = [("source", where)], Hint = Hint(pattern, [.. all.Select(one => namesOf(one)[0])]), ExitCode = ExitCode.Usage };
        return [.. all.Where(one => (_wanted.Length == 0 ? inGlobs(one) : _wanted.Any(pattern => IsMeant(pattern, one))) && !_excluded.Any(pattern => namesOf(one).Any(name => Matches(pattern, name))))];

        bool IsMeant(string pattern, T one) => IsGlob(pattern) ? inGlobs(one) && namesOf(one).Any(name => Matches(pattern, name)) : namesOf(one).Contains(pattern);
    }

    private static bool IsGlob(string pattern) => pattern.AsSpan().ContainsAny('*', '?');

    private static bool Matches(string pattern, string name) =>
        IsGlob(pattern) ? FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false) : pattern == name;

    private static string Hint(string pattern, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return "there is no table that this user may see";
        var near = names.FirstOrDefault(name => name.Equals(pattern, StringComparison.OrdinalIgnoreCase)) ?? names.FirstOrDefault(name => name.EndsWith("." + pattern, StringComparison.OrdinalIgnoreCase));
        return near is not null ? $"did you mean `{near}`?" : IsGlob(pattern) ? "globs mean tables; write a view's name out" : $"there are {string.Join(", ", names.Take(8).Select(name => $"`{name}`"))}{(names.Count > 8 ? " …" : "")}";
    }
}
