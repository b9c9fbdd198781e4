namespace DataSpoc.Ml.Training.Search;

/// <summary>The parameters a search tries, in their order. The same seed gives the same ones.</summary>
internal static class SearchSpace
{
    /// <summary>
    /// Parameters number <paramref name="trial"/>: 0 is what does well on most tables, 1 is what does best where that does not, 2 is XGBoost's own defaults,
    /// the others are drawn.
    /// </summary>
    /// <param name="trial">From 0.</param>
    /// <param name="seed">Of what is drawn.</param>
    /// <param name="columns">The table's features: of few, every tree sees all (0.8 of two is one).</param>
    public static BoostingParameters At(int trial, long seed, int columns)
    {
        var parameters = trial switch
        {
            0 => new(),
            1 => new() { Depth = 4, ColumnShare = 0.5, OneHotBelow = 64 },
            2 => new() { RowShare = 1, ColumnShare = 1 },
            _ => Drawn(trial, seed),
        };
        return columns < FewColumns ? parameters with { ColumnShare = 1 } : parameters;
    }

    private const int FewColumns = 5;

    private static readonly int[] Depths = [4, 8, 5, 10, 3, 7, 6, 9];

    private static BoostingParameters Drawn(int trial, long seed)
    {
        double Share(int which) => RowHash.Share(seed, (ulong)(trial * 16 + which));
        double Between(int which, double least, double most) => Math.Round(least + (most - least) * Share(which), 3);
        double Log(int which, double least, double most) => Math.Round(Math.Exp(Math.Log(least) + (Math.Log(most) - Math.Log(least)) * Share(which)), 3);
        return new()
        {
            // in turn, so that few trials have seen shallow and deep
            Depth = Depths[(trial - 3) % Depths.Length],
            OneHotBelow = Share(0) < 0.5 ? 4 : 64,
            LeastChildWeight = Log(1, 0.5, 30),
            RowShare = Between(2, 0.5, 1),
            ColumnShare = Between(3, 0.4, 1),
            Lambda = Log(4, 0.1, 20),
        };
    }
}
