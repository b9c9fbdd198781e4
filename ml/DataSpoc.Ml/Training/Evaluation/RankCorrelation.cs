namespace DataSpoc.Ml.Training.Evaluation;

/// <summary>Whether two columns put rows in the same order.</summary>
internal static class RankCorrelation
{
    /// <summary>Spearman's correlation over the rows where <paramref name="values"/> is not NaN: -1 to 1, ties at their middle rank.</summary>
    /// <returns>0 where fewer than half of the rows have a value, or either side is constant.</returns>
    public static double Spearman(float[] values, float[] labels)
    {
        int[] rows = [.. Enumerable.Range(0, values.Length).Where(i => !float.IsNaN(values[i]))];
        if (rows.Length < 2 || rows.Length * 2 < values.Length)
            return 0;
        var x = Ranks(Array.ConvertAll(rows, row => values[row]));
        var y = Ranks(Array.ConvertAll(rows, row => labels[row]));
        var middle = (rows.Length + 1) / 2.0;
        var (both, onlyX, onlyY) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            both += (x[i] - middle) * (y[i] - middle);
            onlyX += (x[i] - middle) * (x[i] - middle);
            onlyY += (y[i] - middle) * (y[i] - middle);
        }
        return onlyX == 0 || onlyY == 0 ? 0 : both / Math.Sqrt(onlyX * onlyY);
    }

    private static double[] Ranks(float[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        var sorted = values.ToArray();
        Array.Sort(sorted, order);
        var ranks = new double[values.Length];
        for (var start = 0; start < sorted.Length;)
        {
            var end = start;
            while (end < sorted.Length && sorted[end] == sorted[start])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2.0;
            start = end;
        }
        return ranks;
    }
}
