using System.Globalization;
using System.Net;
using System.Text;

namespace DataSpoc.Ml.Reporting;

/// <summary>Draws small plots as SVG. Colours are the page's variables, so light and dark both work; no meaning is in colour alone.</summary>
internal static class SvgPlot
{
    private const int Width = 420, Height = 260, Left = 70, Right = 22, Top = 10, Bottom = 38;

    /// <summary>Lines over two axes.</summary>
    /// <param name="series">Each a name and points (x, y).</param>
    /// <param name="x">The name of the horizontal axis.</param>
    /// <param name="y">The name of the vertical axis.</param>
    /// <param name="help">What is drawn beside: what chance or perfection gives.</param>
    /// <param name="dots">Whether points stand alone.</param>
    public static string Of(IReadOnlyList<(string Name, IReadOnlyList<double[]> Points)> series, string x, string y, PlotHelp help = PlotHelp.None, bool dots = false)
    {
        var points = series.SelectMany(s => s.Points).ToArray();
        if (points.Length == 0)
            return "";
        var unit = help is PlotHelp.UnitDiagonal or PlotHelp.Unit;
        var both = points.SelectMany(p => p.Take(2));
        var across = unit ? PlotScale.Unit : PlotScale.Of(help == PlotHelp.Diagonal ? both : points.Select(p => p[0]));
        var up = unit ? PlotScale.Unit : help == PlotHelp.Diagonal ? across : PlotScale.Of(points.Select(p => p[1]).Concat(help == PlotHelp.Zero ? [0.0] : []));
        double X(double value) => Left + across.Place(value) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - up.Place(value) * (Height - Top - Bottom);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Text(y)} by {Text(x)}\">");
        foreach (var tick in across.Ticks)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(tick):0.#}\" x2=\"{X(tick):0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text x=\"{X(tick):0.#}\" y=\"{Height - Bottom + 14}\" text-anchor=\"middle\">{Figure(tick)}</text>");
        foreach (var tick in up.Ticks)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{Figure(tick)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{Text(x)}</text><text transform=\"translate(12 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(y)}</text>");
        if (help is PlotHelp.Diagonal or PlotHelp.UnitDiagonal)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"chance\" x1=\"{X(across.Low):0.#}\" y1=\"{Y(across.Low):0.#}\" x2=\"{X(across.High):0.#}\" y2=\"{Y(across.High):0.#}\"/>");
        if (help == PlotHelp.Zero)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"chance\" x1=\"{Left}\" y1=\"{Y(0):0.#}\" x2=\"{Width - Right}\" y2=\"{Y(0):0.#}\"/>");
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
}

/// <summary>What is drawn beside the points of a plot.</summary>
internal enum PlotHelp
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing; both axes go from 0 to 1.</summary>
    Unit,

    /// <summary>Where both are equal; both axes go from 0 to 1.</summary>
    UnitDiagonal,

    /// <summary>Where both are equal; both axes are the same.</summary>
    Diagonal,

    /// <summary>A line at 0.</summary>
    Zero,
}
