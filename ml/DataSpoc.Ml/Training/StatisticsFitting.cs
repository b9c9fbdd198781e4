using System.Text;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Preparation;
using DataSpoc.Ml.Data.Profiling;

namespace DataSpoc.Ml.Training;

/// <summary>
/// Learns the target statistics of columns with very many values. A training row never counts in its own figures: they come from the rows of
/// the other parts, or, where rows follow each other in time, from the rows before it. The holdout is counted nowhere.
/// </summary>
internal sealed class StatisticsFitting(FloatTable values, float[] labels, Target target, RowSplit split, SplitKeys? keys, long seed)
{
    private const int Parts = 5;
    private const int MostValues = 20_000;

    /// <summary>Rows of all kinds that a value's figures are drawn towards.</summary>
    private const double PriorRows = 10;

    private readonly int _figures = target.Outputs;

    /// <summary>Replaces the values' numbers in the table by figures, and gives the preparation its statistics.</summary>
    public TablePreparation Fit(TablePreparation preparation, IReadOnlyDictionary<string, SeenValues> seen)
    {
        var columns = new List<PreparedColumn>();
        var feature = 0;
        foreach (var column in preparation.Columns)
        {
            columns.Add(column.Use == TextUse.Statistics ? column with { Statistics = Learn(feature, seen[column.Name].Values) } : column);
            feature += column.Features.Count;
        }
        return preparation with { Columns = columns };
    }

    private TargetStatistics Learn(int feature, IReadOnlyList<byte[]> seen)
    {
        var all = new Sums(seen.Count, _figures);
        var prior = new Sums(1, _figures);
        foreach (var row in split.Training)
        {
            all.Add(Code(row, feature), row, this);
            prior.Add(0, row, this);
        }
        var share = Enumerable.Range(0, _figures).Select(f => prior.Total(0, f) / Math.Max(1, prior.Rows(0))).ToArray();
        int[] known = [.. Enumerable.Range(0, seen.Count).Where(code => all.Rows(code) > 1).OrderByDescending(all.Rows)
            .ThenBy(code => Encoding.UTF8.GetString(seen[code]), Utf8Order.Instance).Take(MostValues)];
        var isKnown = new bool[seen.Count];
        foreach (var code in known)
            isKnown[code] = true;

        var codes = Array.ConvertAll(split.Training, row => Code(row, feature));
        foreach (var row in split.Holdout)
            Write(row, feature, all, Code(row, feature), isKnown, share, 1);
        if (keys?.Times is { } times)
            Forward(feature, codes, times, isKnown, share);
        else
            OutOfPart(feature, codes, all, isKnown, share);
        return new(
            [.. known.Select(code => Encoding.UTF8.GetString(seen[code]))], [.. known.Select(all.Rows)],
            [.. known.Select(code => (IReadOnlyList<float>)[.. Enumerable.Range(0, _figures).Select(f => Figure(all, code, f, share[f]))])], [.. share.Select(s => (float)s)]);
    }

    private void OutOfPart(int feature, int[] codes, Sums all, bool[] known, double[] share)
    {
        for (var part = 0; part < Parts; part++)
        {
            var others = all.Copy();
            for (var i = 0; i < codes.Length; i++)
                if (Part(split.Training[i]) == part)
                    others.Remove(codes[i], split.Training[i], this);
            for (var i = 0; i < codes.Length; i++)
                if (Part(split.Training[i]) == part)
                    Write(split.Training[i], feature, others, codes[i], known, share, Parts / (Parts - 1.0));
        }
    }

    private int Part(int row) => (int)(RowHash.Of(seed ^ 0x5357, keys?.Groups is { } groups ? groups[row] : (ulong)row) % Parts);

    private void Forward(int feature, int[] codes, double[] times, bool[] known, double[] share)
    {
        var before = new Sums(known.Length, _figures);
        int[] order = [.. Enumerable.Range(0, codes.Length)];
        Array.Sort(Array.ConvertAll(split.Training, row => times[row]), order);
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            for (; end < order.Length && times[split.Training[order[end]]] == times[split.Training[order[start]]]; end++)
                Write(split.Training[order[end]], feature, before, codes[order[end]], known, share, 1);
            for (; start < end; start++)
                before.Add(codes[order[start]], split.Training[order[start]], this);
        }
    }

    private void Write(int row, int feature, Sums sums, int code, bool[] known, double[] share, double scale)
    {
        var destination = values.Change(row).Slice(feature, _figures + 1);
        if (code < 0)
            return;
        for (var f = 0; f < _figures; f++)
            destination[f] = known[code] ? Figure(sums, code, f, share[f]) : (float)share[f];
        destination[_figures] = known[code] ? (float)(sums.Rows(code) * scale) : 0;
    }

    private static float Figure(Sums sums, int code, int figure, double share) =>
        (float)((sums.Total(code, figure) + PriorRows * share) / (sums.Rows(code) + PriorRows));

    // -1 where the row has no value
    private int Code(int row, int feature) => values.Row(row)[feature] is var value && float.IsNaN(value) ? -1 : (int)value;

    private sealed class Sums(int codes, int figures)
    {
        private int[] _rows = new int[codes];
        private double[] _totals = new double[codes * figures];

        public int Rows(int code) => _rows[code];

        public double Total(int code, int figure) => _totals[code * figures + figure];

        public void Add(int code, int row, StatisticsFitting of) => Count(code, row, of, 1);

        public void Remove(int code, int row, StatisticsFitting of) => Count(code, row, of, -1);

        public Sums Copy() => new(0, figures) { _rows = [.. _rows], _totals = [.. _totals] };

        private void Count(int code, int row, StatisticsFitting of, int sign)
        {
            if (code < 0)
                return;
            _rows[code] += sign;
            if (figures == 1)
                _totals[code] += sign * (double)of.Label(row);
            else
                _totals[code * figures + (int)of.Label(row)] += sign;
        }
    }

    private float Label(int row) => labels[row];
}
