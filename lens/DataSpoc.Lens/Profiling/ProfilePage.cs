using System.Globalization;
using System.Net;
using System.Text;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Lens.Profiling;

/// <summary>A profile as one HTML file without scripts or anything from elsewhere.</summary>
internal static class ProfilePage
{
    private const string Style = """
        :root{color-scheme:light dark;--bar:#3b6fb6;--line:#8884;--soft:#777}
        body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
        h1{font-size:1.4rem;margin:0}h2{font-size:1.05rem;margin:0;overflow-wrap:anywhere}p{color:var(--soft);margin:.2rem 0 1.5rem}
        section{display:grid;grid-template-columns:minmax(12rem,1fr) minmax(14rem,1.4fr) minmax(16rem,1.6fr);gap:1rem;border-top:1px solid var(--line);padding:1rem 0}
        code{color:var(--soft);font-size:.85rem}dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .8rem;margin:0;align-content:start}
        dt{color:var(--soft)}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        svg{width:100%;height:auto}rect{fill:var(--bar)}text{fill:currentColor;font:11px system-ui,sans-serif}
        @media(max-width:50rem){section{grid-template-columns:1fr}}
        """;

    private static readonly string[] s_quartiles = ["25 %", "median", "75 %"];

    public static string Html(TableProfile profile, DateTimeOffset now)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width\"/>")
            .Append(CultureInfo.InvariantCulture, $"<title>{Text(profile.Table)}</title><style>{Style}</style></head><body>\n<h1>{Text(profile.Table)}</h1>")
            .Append(CultureInfo.InvariantCulture, $"<p>{Quantity.Count(profile.Rows, "row")}, {Quantity.Count(profile.Columns.Count, "column")} · {now:yyyy-MM-dd HH:mm} UTC</p>\n");
        foreach (var column in profile.Columns)
            page.Append(CultureInfo.InvariantCulture, $"<section><div><h2>{Text(column.Name)}</h2><code>{Text(column.Type)}</code></div><dl>{string.Concat(Facts(column).Select(Fact))}</dl><div>{Plot(column)}</div></section>\n");
        return page.Append("</body></html>\n").ToString();
    }

    private static IEnumerable<(string Name, string Value)> Facts(ColumnProfile column)
    {
        yield return ("nulls", column.Rows == 0 ? "0" : $"{Quantity.Count(column.Nulls)} ({(100.0 * column.Nulls / column.Rows).ToString("0.#", CultureInfo.InvariantCulture)} %)");
        if (column.Distinct is { } distinct)
            yield return ("distinct", "≈ " + Quantity.Count(distinct));
        if (column.Min is { } min)
            yield return ("min", Short(min));
        foreach (var (name, value) in s_quartiles.Zip(column.Quartiles))
            yield return (name, value);
        if (column.Max is { } max)
            yield return ("max", Short(max));
        if (column.Mean is { } mean)
            yield return ("mean", mean.ToString("G6", CultureInfo.InvariantCulture));
    }

    private static string Plot(ColumnProfile column) => column.Histogram.Count > 0 ? Histogram(column) : column.Top.Count > 0 ? Frequencies(column) : "";

    private static string Histogram(ColumnProfile column)
    {
        const int Width = 15;
        const int Height = 80;
        var most = Math.Max(1, column.Histogram.Max());
        var bars = column.Histogram.Select((count, i) => Invariant(
            $"<rect x=\"{i * Width}\" y=\"{Height - (double)Height * count / most:0.##}\" width=\"{Width - 1}\" height=\"{(double)Height * count / most:0.##}\"><title>{count}</title></rect>"));
        var width = Width * column.Histogram.Count;
        var ends = Invariant($"<text x=\"0\" y=\"{Height + 14}\">{Text(Short(column.Min ?? ""))}</text><text x=\"{width}\" y=\"{Height + 14}\" text-anchor=\"end\">{Text(Short(column.Max ?? ""))}</text>");
        return Invariant($"<svg viewBox=\"0 0 {width} {Height + 18}\" role=\"img\" aria-label=\"distribution of {Text(column.Name)}\">{string.Concat(bars)}{ends}</svg>");
    }

    private static string Frequencies(ColumnProfile column)
    {
        const int Row = 18;
        var most = Math.Max(1, column.Top[0].Count);
        var bars = column.Top.Select((top, i) => Invariant(
            $"<rect x=\"130\" y=\"{i * Row + 3}\" width=\"{110.0 * top.Count / most:0.##}\" height=\"{Row - 6}\"/><text x=\"125\" y=\"{i * Row + 13}\" text-anchor=\"end\">{Text(Short(top.Value))}</text><text x=\"{134 + 110.0 * top.Count / most:0.##}\" y=\"{i * Row + 13}\">{Quantity.Count(top.Count)}</text>"));
        return Invariant($"<svg viewBox=\"0 0 300 {Row * column.Top.Count}\" role=\"img\" aria-label=\"most frequent values of {Text(column.Name)}\">{string.Concat(bars)}</svg>");
    }

    private static string Fact((string Name, string Value) fact) => $"<dt>{Text(fact.Name)}</dt><dd>{Text(fact.Value)}</dd>";

    private static string Short(string text) => text.Length > 22 ? text[..21] + "…" : text;

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
