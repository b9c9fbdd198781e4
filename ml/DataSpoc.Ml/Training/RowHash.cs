namespace DataSpoc.Ml.Training;

/// <summary>Numbers that look random and depend on nothing but what they are made from: the same on every machine and run.</summary>
internal static class RowHash
{
    /// <summary>Of a position or key under a seed. SplitMix64 (Steele, Lea, Flood 2014): the finaliser spreads consecutive positions evenly.</summary>
    public static ulong Of(long seed, ulong key)
    {
        unchecked
        {
            return Mix(Mix((ulong)seed + 0x9E3779B97F4A7C15UL) + key * 0x9E3779B97F4A7C15UL);
        }
    }

    /// <summary>The same as a number from 0 to below 1.</summary>
    public static double Share(long seed, ulong key) => (Of(seed, key) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Of bytes: FNV-1a, 64 bits.</summary>
    public static ulong OfBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes)
            hash = unchecked((hash ^ b) * 1099511628211UL);
        return hash;
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
