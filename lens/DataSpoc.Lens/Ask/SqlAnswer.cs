using System.Text.RegularExpressions;
using DataSpoc.Contracts;

namespace DataSpoc.Lens.Ask;

/// <summary>The query in what a model said.</summary>
internal static partial class SqlAnswer
{
    /// <summary>What a model begins its answer with that no query can give.</summary>
    public const string Refusal = "NO:";

    /// <summary>The text of the last block of code, or all of it where it looks like a query.</summary>
    /// <exception cref="UserError">There is no query in it.</exception>
    public static string Read(string answer)
    {
        var text = Thoughts().Replace(answer, "").Trim();
        if (Blocks().Matches(text) is { Count: > 0 } blocks && Ended(blocks[^1].Groups[1].Value) is { Length: > 0 } query)
            return query;
        if (text.StartsWith(Refusal, StringComparison.OrdinalIgnoreCase))
            throw new UserError($"the model says that the tables do not tell: {Line(text[Refusal.Length..])}") { Hint = "ask for what `lens catalog` shows, or explain words in semantics.yaml" };
        text = Ended(text);
        return Query().IsMatch(text) ? text : throw new UserError("the model answered no query") { Where = [("answer", Line(text))], Hint = "put the question in other words, or take another model" };
    }

    /// <summary>A text on one line that a terminal takes as text.</summary>
    public static string Line(string text)
    {
        var line = Plain(text).ReplaceLineEndings(" ").Trim();
        return line.Length > 300 ? line[..300] + "…" : line;
    }

    /// <summary>A text without what would steer a terminal.</summary>
    public static string Plain(string text) => string.Concat(text.Where(c => c is '\n' or '\t' || !char.IsControl(c)));

    private static string Ended(string text) => text.Trim().TrimEnd(';').TrimEnd();

    // models that think aloud
    [GeneratedRegex("<think>.*?</think>", RegexOptions.Singleline)]
    private static partial Regex Thoughts();

    [GeneratedRegex("```[A-Za-z]*[ \t]*\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:SELECT|FROM|WITH|VALUES|PIVOT|UNPIVOT|DESCRIBE|SHOW|SUMMARIZE|TABLE)\b", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Query();
}
