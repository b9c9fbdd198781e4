namespace DataSpoc.Platform.MockData.Network;

/// <summary>
/// Random numbers that belong to one thing (parcel 4711's route, Tuesday's weather in Porto), whatever was drawn before:
/// so a parcel can be made twice, in any order, and is the same both times. SplitMix64 (Steele, Lea, Flood 2014).
/// </summary>
internal struct Draws
{
    private const ulong Gamma = 0x9e3779b97f4a7c15;
    private ulong _state;

    /// <param name="seed">Of the whole network.</param>
    /// <param name="aspect">What is drawn.</param>
    /// <param name="first">Which thing.</param>
    /// <param name="second">Which thing, where one number does not say it.</param>
    public Draws(long seed, Aspect aspect, long first, long second = 0)
    {
        var mixed = Mix((ulong)seed + Gamma);
        mixed = Mix(mixed ^ (((ulong)aspect + 1) * Gamma));
        mixed = Mix(mixed ^ (((ulong)first + 1) * 0xd1342543de82ef95));
        _state = Mix(mixed ^ (((ulong)second + 1) * 0xaf251af3b0f025b5));
    }

    /// <summary>From 0 to below 1.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 to below <paramref name="count"/>.</summary>
    public int Next(int count) => (int)(Next() * count);

    public double Between(double low, double high) => low + (Next() * (high - low));

    public bool Chance(double probability) => Next() < probability;

    /// <summary>Mean 0, variance 1: the sum of twelve uniforms, which needs no function whose last digit depends on the machine.</summary>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += Next();
        return sum;
    }

    /// <summary>An index, with the probability of its weight. <paramref name="cumulative"/> grows and ends at 1.</summary>
    public int Pick(ReadOnlySpan<double> cumulative)
    {
        var at = cumulative.BinarySearch(Next());
        return Math.Min(at < 0 ? ~at : at, cumulative.Length - 1);
    }

    private ulong NextBits() => Mix(_state += Gamma);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}

/// <summary>What random numbers are drawn for; each has its own sequence.</summary>
internal enum Aspect
{
    Location,
    DayVolume,
    Origin,
    Parcel,
    Delivery,
    Weather,
    Courier,
    Customer,
    CustomerName,
    Sender,
    Arrival,
    Correction,
    Dirt,
    Proof,
}
