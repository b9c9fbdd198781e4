namespace DataSpoc.Ml.Training;

/// <summary>Rows a model is fitted on, and rows that say how good it is then.</summary>
/// <param name="Fitting">Row positions, ascending.</param>
/// <param name="Validation">Row positions, ascending; none of them is in <paramref name="Fitting"/>.</param>
internal sealed record Fold(int[] Fitting, int[] Validation);

/// <summary>
/// Which rows are learned from, by which folds they are judged meanwhile, and which nothing is learned from, so that the final figures are
/// honest. Depends on the seed, the row positions, the labels' classes and the <see cref="SplitKeys"/> only.
/// </summary>
/// <param name="Training">Row positions, ascending.</param>
/// <param name="Holdout">Row positions, ascending.</param>
/// <param name="Folds">Parts of <paramref name="Training"/>; none where there are too few rows.</param>
internal sealed record RowSplit(int[] Training, int[] Holdout, IReadOnlyList<Fold> Folds)
{
    private const double HoldoutShare = 0.2;
    private const double LoneValidationShare = 0.15;
    private const int LeastRowsForFolds = 60;

    /// <summary>Splits as the keys ask for.</summary>
    /// <param name="labels">One per row: the class, or any number where <paramref name="classes"/> is 0.</param>
    /// <param name="classes">The number of classes; 0 for a regression.</param>
    /// <param name="seed">Another seed gives another split, unless it goes by time.</param>
    /// <param name="keys">What rows belong together or follow each other by.</param>
    public static RowSplit Make(ReadOnlySpan<float> labels, int classes, long seed, SplitKeys? keys = null)
    {
        if (keys?.Times is { } times)
            return ByTime(times);
        return keys?.Groups is { } groups ? ByGroup(groups, seed) : ByClass(labels, classes, seed);
    }

    // a fifth of each class is held out, and its other rows are dealt to the folds in turn: a rare class is in all parts while it has the rows
    private static RowSplit ByClass(ReadOnlySpan<float> labels, int classes, long seed)
    {
        var strata = new List<int>[Math.Max(1, classes)];
        for (var s = 0; s < strata.Length; s++)
            strata[s] = [];
        for (var row = 0; row < labels.Length; row++)
            strata[classes == 0 ? 0 : (int)labels[row]].Add(row);

        List<int> training = [], holdout = [];
        foreach (var stratum in strata)
        {
            int[] rows = [.. stratum];
            Array.Sort(Array.ConvertAll(rows, row => RowHash.Of(seed, (ulong)row)), rows);
            var held = rows.Length < 3 ? 0 : Math.Max(1, (int)Math.Round(rows.Length * HoldoutShare, MidpointRounding.AwayFromZero));
            holdout.AddRange(rows.AsSpan(0, held));
            training.AddRange(rows.AsSpan(held));
        }
        var dealt = training.Select((row, i) => (row, i)).ToArray();
        var count = FoldCount(training.Count);
        // one fold alone validates on every seventh row
        var parts = count == 1 ? (int)Math.Round(1 / LoneValidationShare) : count;
        return new(Ascending(training), Ascending(holdout), [.. Enumerable.Range(0, count).Select(part => Part(dealt, d => d.i % parts == part, d => d.row))]);
    }

    // a group is never on both sides
    private static RowSplit ByGroup(ulong[] groups, long seed)
    {
        var sizes = new Dictionary<ulong, int>();
        foreach (var group in groups)
            sizes[group] = sizes.GetValueOrDefault(group) + 1;
        var ordered = sizes.Keys.OrderBy(group => RowHash.Of(seed, group)).ToArray();
        var held = new HashSet<ulong>();
        var heldRows = 0;
        foreach (var group in ordered)
        {
            if (heldRows >= groups.Length * HoldoutShare || held.Count >= ordered.Length - 2)
                break;
            held.Add(group);
            heldRows += sizes[group];
        }
        var count = Math.Min(FoldCount(groups.Length - heldRows), ordered.Length - held.Count);
        var loads = new int[Math.Max(2, count)];
        var foldOf = new Dictionary<ulong, int>();
        foreach (var group in ordered.Where(g => !held.Contains(g)).OrderByDescending(g => sizes[g]))
        {
            var least = Array.IndexOf(loads, loads.Min());
            foldOf[group] = least;
            loads[least] += sizes[group];
        }
        int[] all = [.. Enumerable.Range(0, groups.Length)];
        int[] training = [.. all.Where(row => !held.Contains(groups[row]))];
        return new(training, [.. all.Where(row => held.Contains(groups[row]))],
            [.. Enumerable.Range(0, count).Select(part => Part(training, row => foldOf[groups[row]] == part, row => row))]);
    }

    // the latest fifth is held out; each fold learns from what was before the rows it validates on
    private static RowSplit ByTime(double[] times)
    {
        int[] rows = [.. Enumerable.Range(0, times.Length)];
        Array.Sort((double[])times.Clone(), rows);
        var held = Boundary(times, rows, rows.Length - (int)Math.Round(rows.Length * HoldoutShare, MidpointRounding.AwayFromZero), rows.Length);
        int[] training = rows[..held];
        var count = FoldCount(training.Length);
        var cuts = Enumerable.Range(1, count + 1).Select(part => Boundary(times, training, (int)((long)training.Length * part / (count + 1)), training.Length)).ToArray();
        var folds = new List<Fold>();
        for (var part = 0; part < count; part++)
            if (cuts[part] > 0 && cuts[part + 1] > cuts[part])
                folds.Add(new(Ascending(training[..cuts[part]]), Ascending(training[cuts[part]..cuts[part + 1]])));
        return new(Ascending(training), Ascending(rows[held..]), folds);
    }

    // rows of one moment stay on one side: the boundary moves on to the next change of time, or back to the last
    private static int Boundary(double[] times, int[] rows, int wanted, int end)
    {
        for (var cut = wanted; cut < end; cut++)
            if (cut > 0 && times[rows[cut]] > times[rows[cut - 1]])
                return cut;
        for (var cut = Math.Min(wanted, end - 1); cut > 0; cut--)
            if (times[rows[cut]] > times[rows[cut - 1]])
                return cut;
        return end;
    }

    private static Fold Part<T>(T[] items, Func<T, bool> validates, Func<T, int> row) =>
        new(Ascending([.. items.Where(item => !validates(item)).Select(row)]), Ascending([.. items.Where(validates).Select(row)]));

    private static int FoldCount(int rows) => rows switch
    {
        < LeastRowsForFolds => 0,
        < 20_000 => 5,
        < 200_000 => 3,
        _ => 1,
    };

    private static int[] Ascending(IEnumerable<int> rows)
    {
        int[] sorted = [.. rows];
        Array.Sort(sorted);
        return sorted;
    }
}

/// <summary>What a split must respect besides classes; at most one of the two is used.</summary>
/// <param name="Groups">Per row: rows of one group stay together.</param>
/// <param name="Times">Per row: what is learned comes before what it is judged on.</param>
internal sealed record SplitKeys(ulong[]? Groups, double[]? Times)
{
    /// <summary>How the rows are split, in a word: <c>stratified</c>, <c>grouped</c> or <c>forward</c>.</summary>
    public string Scheme => Times is not null ? "forward" : Groups is not null ? "grouped" : "stratified";
}
