using System.Text;
using DataSpoc.Pipe.Sources.Shapes;
using DataSpoc.Pipe.Sources.Text;

namespace DataSpoc.Pipe.Sources.Rows;

/// <summary>A value that a row cannot hold.</summary>
/// <param name="Path">The field, as the source spells it: <c>amount</c>, <c>lines[].price</c>; empty for the record itself.</param>
/// <param name="Sentence">What is the matter, to follow the field's name: "is not a number".</param>
/// <param name="Value">The value's JSON text, cut; null where there is none.</param>
/// <param name="Hint">What to do about it, or null.</param>
internal sealed record ValueProblem(string Path, string Sentence, string? Value, string? Hint)
{
    private const int LongestValue = 60;

    /// <summary>A value that does not fit its shape.</summary>
    public static ValueProblem Of(Shape shape, Fit fit, ReadOnlySpan<byte> json) => new("", SentenceOf(shape, fit), Cut(json), HintOf(shape, fit));

    /// <summary>The same problem, seen from the object or array around it.</summary>
    public ValueProblem Within(string part) => this with { Path = Path.Length == 0 ? part : Path[0] == '[' ? part + Path : $"{part}.{Path}" };

    /// <summary>The beginning of a text that may be long and need not be UTF-8, on one line.</summary>
    public static string Cut(ReadOnlySpan<byte> text)
    {
        var cut = text.Length > LongestValue;
        var shown = Encoding.UTF8.GetString(cut ? text[..LongestValue] : text);
        return string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c)) + (cut ? "…" : "");
    }

    private static string SentenceOf(Shape shape, Fit fit) => (shape, fit) switch
    {
        (IntegerShape, Fit.TooPrecise) => "is not a whole number",
        (DateShape, Fit.TooPrecise) => "has a time of day",
        (InstantShape or DateShape, Fit.OutOfRange) => "is outside the years 0001 to 9999",
        (NumberShape, Fit.TooPrecise) => "has more digits than a DOUBLE keeps",
        (_, Fit.TooPrecise) => $"has more decimals than {shape.Type}",
        (_, Fit.OutOfRange) => $"is too large for {shape.Type}",
        _ => $"is not {shape.Noun}",
    };

    private static string HintOf(Shape shape, Fit fit) => (shape, fit) switch
    {
        (NumberShape, not Fit.NotOfType) => "have the tap's schema say its decimals (`multipleOf`), or declare it as string there",
        (InstantShape or DateShape, Fit.OutOfRange) => "choose what becomes of such dates: `out_of_range: max` or `out_of_range: null` in the pipeline's source",
        (IntegerShape, Fit.TooPrecise) => "declare it as number in the tap's catalog",
        (IntegerShape, Fit.OutOfRange) => "have the tap's schema say its `maximum`, so that it becomes DECIMAL(38,0), or declare it as string there",
        (DecimalShape, not Fit.NotOfType) => "have the tap's schema say the true `multipleOf`, `minimum` and `maximum`, or declare it as string there",
        (StructShape or ListShape, _) => "declare it without `properties` or `items` in the tap's catalog, and it is kept as JSON text",
        _ => "declare it as string in the tap's catalog",
    };
}
