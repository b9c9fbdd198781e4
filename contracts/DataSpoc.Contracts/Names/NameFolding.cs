using System.Security.Cryptography;
using System.Text;

namespace DataSpoc.Contracts.Names;

/// <summary>
/// Turns foreign names (of streams, tables, files) into names of the contract: lower case, every other character <c>_</c>.
/// One folding serves one place (the tables of one source): names that would meet there get a suffix made from a hash of the original.
/// </summary>
public sealed class NameFolding
{
    /// <summary>Folds one name by itself. Deterministic; two different names may give the same.</summary>
    public static string Fold(string original)
    {
        var folded = new StringBuilder(Math.Min(original.Length, Name.MaxLength) + 1);
        foreach (var rune in original.EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(rune);
            var c = lower.IsAscii && (Name.IsFirst((char)lower.Value) || lower.Value is '_' or '-') ? (char)lower.Value : '_';
            folded.Append(c);
        }
        if (folded.Length == 0 || !Name.IsFirst(folded[0]))
            folded.Insert(0, 'x');
        if (folded.Length <= Name.MaxLength)
            return folded.ToString();
        return WithSuffix(folded.ToString(), original);
    }

    /// <summary>
    /// Folds all names of one place. The result does not depend on their order: a name that was given before stays, one that already is a name of the contract
    /// keeps itself, and of the others that meet each gets its suffix.
    /// </summary>
    /// <param name="originals">The names as the source has them.</param>
    /// <param name="known">Original → name as given by earlier runs (the manifest's <c>source_name</c>), so that a new stream never takes the table of another.</param>
    /// <returns>Original → name; the names are distinct, also from those of <paramref name="known"/>.</returns>
    public static IReadOnlyDictionary<string, string> FoldAll(IEnumerable<string> originals, IReadOnlyDictionary<string, string>? known = null)
    {
        var given = originals.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var taken = new HashSet<string>(known?.Values ?? [], StringComparer.Ordinal);
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var original in given)
            if (known?.GetValueOrDefault(original) is { } before)
                result[original] = before;
            else if (Fold(original) == original && taken.Add(original))
                result[original] = original;
        var rest = given.Where(original => !result.ContainsKey(original)).GroupBy(Fold, StringComparer.Ordinal).ToList();
        foreach (var group in rest)
        {
            var alone = group.Count() == 1 && !taken.Contains(group.Key);
            foreach (var original in group)
            {
                var name = alone ? group.Key : WithSuffix(group.Key, original);
                while (!taken.Add(name))
                    name = WithSuffix(name, original);
                result[original] = name;
            }
        }
        return result;
    }

    /// <summary>The name with a suffix made from a hash of the original: eight hexadecimal digits after <c>_</c>.</summary>
    public static string WithSuffix(string folded, string original)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(original));
        var suffix = "_" + Convert.ToHexStringLower(hash.AsSpan(0, 4));
        return folded[..Math.Min(folded.Length, Name.MaxLength - suffix.Length)] + suffix;
    }
}
