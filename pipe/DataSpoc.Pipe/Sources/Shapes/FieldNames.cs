using System.Security.Cryptography;
using System.Text;

namespace DataSpoc.Pipe.Sources.Shapes;

/// <summary>
/// Names of fields in files. A foreign name is kept as it is, except that control characters become <c>_</c>; engines compare names
/// without regard to case, so of names that differ only in case one stays and the others get a suffix made from a
/// hash of the original. Which one stays does not depend on the order: the one in lower case, else the ordinally first.
/// </summary>
internal static class FieldNames
{
    /// <summary>One name per source name, in the same order; <paramref name="reserved"/> (lower case) is never given.</summary>
    public static IReadOnlyList<string> Assign(IReadOnlyList<string> sourceNames, IReadOnlySet<string> reserved)
    {
        var result = new string[sourceNames.Count];
        var taken = new HashSet<string>(reserved, StringComparer.OrdinalIgnoreCase);
        var byRank = Enumerable.Range(0, sourceNames.Count)
            .OrderBy(i => sourceNames[i].Any(char.IsUpper) ? 1 : 0)
            .ThenBy(i => sourceNames[i], StringComparer.Ordinal);
        foreach (var i in byRank)
            result[i] = Free(sourceNames[i], taken);

        return result;
    }

    /// <summary>A name for one more field beside <paramref name="existing"/>.</summary>
    public static string Next(string sourceName, IEnumerable<string> existing) =>
        Free(sourceName, new HashSet<string>(existing, StringComparer.OrdinalIgnoreCase));

    private static string Free(string sourceName, HashSet<string> taken)
    {
        var name = Plain(sourceName);
        if (taken.Add(name))
            return name;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sourceName)));
        for (var length = 8; ; length++)
        {
            var suffixed = $"{name}_{hash[..length]}";
            if (taken.Add(suffixed))
                return suffixed;
        }
    }

    private static string Plain(string name) =>
        name.Length == 0 ? "_" : string.Concat(name.Select(c => char.IsControl(c) ? '_' : c));
}
