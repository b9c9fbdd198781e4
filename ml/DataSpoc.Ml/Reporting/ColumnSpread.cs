using System.Globalization;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Monitoring;

namespace DataSpoc.Ml.Reporting;

/// <summary>How a column's values were spread in training, in a few words.</summary>
internal static class ColumnSpread
{
    private const int MostValues = 3;
    private static readonly double[] Shares = [0.1, 0.5, 0.9];

    /// <summary>Numbers and times: a tenth lies below the first, half below the second, nine tenths below the third. Texts: the most frequent ones.</summary>
    public static string Of(PreparedColumn column, ColumnDistribution spread)
    {
        var present = spread.Counts.Sum();
        if (present == 0)
            return "–";
        if (spread.Values is { } values)
            return values.Count == 0 ? "–" : string.Join(", ", values.Zip(spread.Counts).OrderByDescending(v => v.Second).Take(MostValues)
                .Select(v => string.Create(CultureInfo.InvariantCulture, $"{(v.First.Length > 24 ? v.First[..23] + "…" : v.First)} {100.0 * v.Second / present:0.#} %")));
        if (spread.Edges is not { Count: > 0 } edges)
            return "–";
        if (column.Kind == ColumnKind.Flag)
            return string.Create(CultureInfo.InvariantCulture, $"true {100.0 * spread.Counts[^1] / present:0.#} %");
        return string.Join(" · ", Shares.Select(share => Edge(spread, edges, present, share)).Distinct().Select(edge => column.Kind == ColumnKind.Moment
            ? DateTime.UnixEpoch.AddDays(Math.Clamp(edge, -700_000, 2_900_000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : SvgPlot.Figure(edge)));
    }

    private static double Edge(ColumnDistribution spread, IReadOnlyList<double> edges, long present, double share)
    {
        var below = 0L;
        for (var bin = 0; bin < edges.Count; bin++)
            if ((below += spread.Counts[bin]) >= share * present * 0.999)
                return edges[bin];
        return edges[^1];
    }
}
