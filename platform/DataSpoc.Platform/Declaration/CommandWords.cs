using System.Text;

namespace DataSpoc.Platform.Declaration;

/// <summary>A command line as words, as a shell parts them by spaces and quotes; nothing is replaced in them.</summary>
internal static class CommandWords
{
    private static readonly string[] OfAShell = ["|", "||", "&&", "&", ">", ">>", "<", ";", "2>", "2>&1"];

    /// <summary>The words, or what is wrong with the line.</summary>
    public static (IReadOnlyList<string> Words, string? Wrong) Of(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        foreach (var c in line)
        {
            if (quote == c)
                quote = null;
            else if (quote is null && c is ('\'' or '"'))
                (quote, word) = (c, word ?? new());
            else if (quote is null && c == ' ')
                word = Ended(words, word);
            else
                (word ??= new()).Append(c);
        }
        Ended(words, word);
        if (quote is not null)
            return (words, $"has a {quote} that is not closed");
        return words.Find(static one => OfAShell.Contains(one)) is { } meant ? (words, $"has `{meant}`, but no shell runs it") : (words, null);
    }

    private static StringBuilder? Ended(List<string> words, StringBuilder? word)
    {
        if (word is not null)
            words.Add(word.ToString());
        return null;
    }
}
