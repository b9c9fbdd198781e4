namespace DataSpoc.Pipe.Sources.Text;

/// <summary>10^0 … 10^38, as far as each number type holds them exactly.</summary>
internal static class PowersOfTen
{
    /// <summary>The largest power a double holds exactly.</summary>
    public const int ExactInDouble = 22;

    private static ReadOnlySpan<double> Doubles =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private static ReadOnlySpan<long> Longs =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
        10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
        1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <param name="power">0 to 22.</param>
    public static double Double(int power) => Doubles[power];

    /// <param name="power">0 to 18.</param>
    public static long Long(int power) => Longs[power];

    /// <param name="power">0 to 38.</param>
    public static UInt128 Wide(int power)
    {
        UInt128 value = (ulong)Longs[Math.Min(power, 18)];
        if (power > 18)
            value *= (ulong)Longs[Math.Min(power - 18, 18)];

        return power > 36 ? value * (ulong)Longs[power - 36] : value;
    }
}
