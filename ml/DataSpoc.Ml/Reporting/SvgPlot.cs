using System.Globalization;
using System.Net;
using System.Text;

namespace DataSpoc.Ml.Reporting;

/// <summary>Draws small plots as SVG. Colours are the page's variables, so light and dark both work; no meaning is in colour alone.</summary>
internal static class SvgPlot
{
    private const int Width = 420, Height = 260, Left = 70, Right = 12, Top = 10, Bottom = 38;

    /// <summary>Lines over two axes.</summary>
    /// <param name="series">Each a name and points (x, y).</param>
    /// <param name="x">The name of the horizontal axis.</param>
    /// <param name="y">The name of the vertical axis.</param>
    /// <param name="diagonal">Whether what chance or perfection gives is drawn.</param>
    /// <param name="dots">Whether points stand alone.</param>
    public static string Of(IReadOnlyList<(string Name, IReadOnlyList<double[]> Points)> series, string x, string y, bool diagonal = false, bool dots = false)
    {
        var points = series.SelectMany(s => s.Points).ToArray();
        if (points.Length == 0)
            return "";
        var (minX, maxX) = Range(points.Select(p => p[0]), diagonal && points.All(p => p[0] is >= 0 and <= 1));
        var (minY, maxY) = diagonal ? (minX, maxX) : Range(points.Select(p => p[1]), false);
        if (diagonal && points.Any(p => p[1] < minY || p[1] > maxY))
            (minX, maxX) = (minY, maxY) = Range(points.SelectMany(p => p.Take(2)), false);
        double X(double value) => Left + (value - minX) / (maxX - minX) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - (value - minY) / (maxY - minY) * (Height - Top - Bottom);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text(y)} by {Text(x)}\">");
        for (var tick = 0; tick <= 4; tick++)
        {
            var (vx, vy) = (minX + (maxX - minX) * tick / 4, minY + (maxY - minY) * tick / 4);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(vx):0.#}\" x2=\"{X(vx):0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(vy):0.#}\" y2=\"{Y(vy):0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(vx):0.#}\" y=\"{Height - Bottom + 14}\" text-anchor=\"middle\">{Figure(vx)}</text><text x=\"{Left - 6}\" y=\"{Y(vy) + 4:0.#}\" text-anchor=\"end\">{Figure(vy)}</text>");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{Text(x)}</text><text transform=\"translate(12 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(y)}</text>");
        if (diagonal)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"chance\" x1=\"{X(minX):0.#}\" y1=\"{Y(minX):0.#}\" x2=\"{X(maxX):0.#}\" y2=\"{Y(maxX):0.#}\"/>");
        foreach (var (i, (name, of)) in series.Index())
            if (dots)
                foreach (var p in of)
                    svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot\" cx=\"{X(p[0]):0.#}\" cy=\"{Y(p[1]):0.#}\" r=\"2.2\"/>");
            else
                svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line s{i}\" points=\"{string.Join(' ', of.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p[0]):0.#},{Y(p[1]):0.#}")))}\"><title>{Text(name)}</title></polyline>");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Bars with their names and figures.</summary>
    /// <param name="bars">Names and sizes; a size below 0 goes to the left.</param>
    public static string Bars(IReadOnlyList<(string Name, double Size, string Figure)> bars)
    {
        const int Row = 20, Names = 150;
        var most = Math.Max(1e-300, bars.Count == 0 ? 0 : bars.Max(b => Math.Abs(b.Size)));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Math.Max(1, bars.Count) * Row + 6}\" role=\"img\">");
        foreach (var (i, (name, size, figure)) in bars.Index())
        {
            var (y, width) = (i * Row + 3, Math.Abs(size) / most * (Width - Names - 70));
            var shown = name.Length > 24 ? name[..23] + "…" : name;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Names - 6}\" y=\"{y + 14}\" text-anchor=\"end\"><title>{Text(name)}</title>{Text(shown)}</text><rect class=\"bar\" x=\"{Names}\" y=\"{y + 2}\" width=\"{Math.Max(width, 0.5):0.#}\" height=\"{Row - 5}\" rx=\"2\"/><text x=\"{Names + width + 5:0.#}\" y=\"{y + 14}\">{Text(figure)}</text>");
        }
        return svg.Append("</svg>").ToString();
    }

    /// <summary>A figure of at most four digits.</summary>
    public static string Figure(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e6 or < 1e-4 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        >= 1000 => Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u2009'),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>A text as HTML.</summary>
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    private static (double Low, double High) Range(IEnumerable<double> values, bool unit)
    {
        if (unit)
            return (0, 1);
        var all = values.ToArray();
        var (low, high) = (all.Min(), all.Max());
        return high > low ? (low, high) : (low - 0.5, high + 0.5);
    }
}
