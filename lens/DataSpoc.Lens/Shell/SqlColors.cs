using System.Text.RegularExpressions;

namespace DataSpoc.Lens.Shell;

/// <summary>Colours for SQL on a terminal.</summary>
/// <param name="keywords">Words that are keywords, in lower case.</param>
internal sealed partial class SqlColors(IReadOnlySet<string> keywords)
{
    private const string Reset = "\e[0m";

    public string Paint(string sql) => Parts().Replace(sql, part => part.Value switch
    {
        ['-', '-', ..] or ['/', '*', ..] => Painted("\e[2m", part.Value),
        ['\'', ..] => Painted("\e[32m", part.Value),
        [>= '0' and <= '9', ..] => Painted("\e[36m", part.Value),
        ['"', ..] => part.Value,
        var word => keywords.Contains(word.ToLowerInvariant()) ? Painted("\e[1;34m", word) : word,
    });

    // each line on its own, because each is drawn behind a prompt
    private static string Painted(string color, string text) => color + text.Replace("\n", $"{Reset}\n{color}", StringComparison.Ordinal) + Reset;

    [GeneratedRegex(@"--[^\n]*|/\*.*?(?:\*/|$)|'(?:[^']|'')*'?|""(?:[^""]|"""")*""?|[0-9][0-9_.eE]*|[A-Za-z_][A-Za-z0-9_]*", RegexOptions.Singleline)]
    private static partial Regex Parts();
}
