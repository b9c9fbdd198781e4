using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace DataSpoc.Contracts.CommandLine.Output;

/// <summary>Text as a terminal shows it.</summary>
internal static class CellDisplay
{
    public const string Null = "NULL";

    /// <summary>
    /// Control characters by escapes: data must not move the cursor, change colours or break the row. The text <c>NULL</c>
    /// in quotes, so that it is not taken for no value.
    /// </summary>
    public static string Printable(string text)
    {
        if (text == Null)
            return "\"NULL\"";
        var clean = true;
        foreach (var c in text)
            clean &= !char.IsControl(c) && c is not ('\u2028' or '\u2029');
        if (clean)
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    /// <summary>Columns of the terminal: two for a wide character, none for a combining one.</summary>
    public static int Width(string text) => Ascii.IsValid(text) ? text.Length : new Segment(text).CellCount();

    /// <summary>The text cut to a width, with <c>…</c> where something is missing.</summary>
    public static string Cut(string text, int width) => Width(text) <= width ? text : string.Concat(text.AsSpan(0, Fitting(text, width - 1)), "…");

    /// <summary>The text in pieces of a width, for folding.</summary>
    public static IEnumerable<string> Fold(string text, int width)
    {
        while (Width(text) > width)
        {
            var length = Math.Max(Fitting(text, width), 1);
            yield return text[..length];
            text = text[length..];
        }
        yield return text;
    }

    private static int Fitting(string text, int width)
    {
        var used = 0;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Width(rune.ToString());
            if (used > width)
                break;
            end += rune.Utf16SequenceLength;
        }
        return end;
    }
}
