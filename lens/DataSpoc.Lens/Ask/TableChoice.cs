using System.Text.RegularExpressions;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Ask;

/// <summary>Which tables a question may be about: those whose names and columns have its words, or the words that these stand for.</summary>
internal static partial class TableChoice
{
    private const int OfName = 3;
    private const int ShortestPart = 4;

    /// <summary>The best ones first; all of them where they are few.</summary>
    public static IReadOnlyList<ResolvedTable> Of(string question, IReadOnlyList<ResolvedTable> tables, Semantics semantics, int most)
    {
        if (tables.Count <= most)
            return tables;
        var words = Stems(question).ToHashSet();
        foreach (var (word, meant) in semantics.Synonyms)
            if (Stems(word).All(words.Contains))
                words.UnionWith(Stems(meant));
        foreach (var (name, metric) in semantics.Metrics)
            if (Stems(name).All(words.Contains))
                words.UnionWith(Stems($"{metric.From} {metric.Sql}"));
        return [.. tables.Select(table => (table, score: Score(table, words, semantics))).OrderByDescending(pair => pair.score).Take(most).Select(pair => pair.table)];
    }

    private static int Score(ResolvedTable table, HashSet<string> words, Semantics semantics)
    {
        var name = Stems($"{table.Table.Schema} {table.Table.Name}").ToHashSet();
        var rest = Stems(string.Join(' ', (table.Table.Entry?.Columns ?? []).Select(column => column.Name).Append(semantics.CommentOn(TableNote.NamesOf(table))))).ToHashSet();
        return words.Sum(word => Has(name, word) ? OfName : Has(rest, word) ? 1 : 0);
    }

    private static bool Has(HashSet<string> stems, string word) =>
        stems.Contains(word) || (word.Length >= ShortestPart && stems.Any(stem => stem.StartsWith(word, StringComparison.Ordinal) || (stem.Length >= ShortestPart && word.StartsWith(stem, StringComparison.Ordinal))));

    private static IEnumerable<string> Stems(string text) =>
        Words().Matches(text).Select(word => word.Value.ToLowerInvariant()).Select(word => word.Length > 3 && word.EndsWith('s') ? word[..^1] : word);

    [GeneratedRegex(@"\p{L}+|\p{N}+")]
    private static partial Regex Words();
}
