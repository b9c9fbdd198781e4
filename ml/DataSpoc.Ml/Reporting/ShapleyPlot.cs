using System.Globalization;
using System.Text;
using DataSpoc.Ml.Prediction;
using static DataSpoc.Ml.Reporting.SvgPlot;

namespace DataSpoc.Ml.Reporting;

/// <summary>
/// Draws what columns add to answers: a line per column, a dot per row. Right of 0 it raises the answer; the higher a dot lies in its line, the greater
/// the row's value is among all.
/// </summary>
internal static class ShapleyPlot
{
    private const int Width = 900, Names = 190, Right = 20, Line = 30, Bottom = 36, MostColumns = 12, MostRows = 200;

    /// <summary>The plot; empty without rows.</summary>
    public static string Of(Contributions explained)
    {
        var columns = explained.Columns.Where(c => c.MeanSize > 0).Take(MostColumns).ToArray();
        if (columns.Length == 0)
            return "";
        var scale = PlotScale.Of(columns.SelectMany(c => c.Values).Append(0));
        double X(double value) => Names + scale.Place(value) * (Width - Names - Right);
        var height = columns.Length * Line + Bottom;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"what each column adds to the answers\">");
        foreach (var tick in scale.Ticks)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"{(tick == 0 ? "chance" : "grid")}\" x1=\"{X(tick):0.#}\" x2=\"{X(tick):0.#}\" y1=\"0\" y2=\"{height - Bottom}\"/><text x=\"{X(tick):0.#}\" y=\"{height - Bottom + 14}\" text-anchor=\"middle\">{Figure(tick)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Names + Width - Right) / 2}\" y=\"{height - 5}\" text-anchor=\"middle\">what it adds to the answer</text>");
        foreach (var (i, column) in columns.Index())
        {
            var name = column.Column.Length > 28 ? column.Column[..27] + "…" : column.Column;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Names - 8}\" y=\"{i * Line + Line / 2 + 4}\" text-anchor=\"end\"><title>{Text(column.Column)}</title>{Text(name)}</text>");
            var ranks = Ranks(column.FeatureValues);
            var step = Math.Max(1, column.Values.Count / MostRows);
            for (var row = 0; row < column.Values.Count; row += step)
                svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot{(ranks[row] < 0.5 ? " lo" : "")}\" cx=\"{X(column.Values[row]):0.#}\" cy=\"{i * Line + Line / 2 + (0.5 - ranks[row]) * (Line - 8):0.#}\" r=\"2\"/>");
        }
        return svg.Append("</svg>").ToString();
    }

    // 0 for the least, 1 for the greatest, equal ones the same; a half where there is none
    private static double[] Ranks(IReadOnlyList<float> values)
    {
        float[] sorted = [.. values.Where(v => !float.IsNaN(v)).Distinct().Order()];
        return [.. values.Select(v => float.IsNaN(v) || sorted.Length < 2 ? 0.5 : (double)Array.BinarySearch(sorted, v) / (sorted.Length - 1))];
    }
}
