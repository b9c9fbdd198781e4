namespace DataSpoc.Platform.MockData.Network;

/// <summary>All locations of a network, and how likely each is to send a parcel.</summary>
internal sealed class LocationMap
{
    private readonly double[] _origins;

    private LocationMap(IReadOnlyList<Location> all)
    {
        All = all;
        _origins = Cumulative([.. all.Select(static l => l.Share)]);
    }

    public IReadOnlyList<Location> All { get; }

    public static LocationMap Of(NetworkPlan plan)
    {
        var draws = Enumerable.Range(0, plan.Locations).Select(i => new Draws(plan.Seed, Aspect.Location, i)).ToArray();
        var cities = draws.Select((_, i) => CityOf(i)).ToArray();
        var popularity = new double[draws.Length];
        for (var i = 0; i < draws.Length; i++)
            popularity[i] = cities[i].Share * draws[i].Between(0.3, 1.7);
        var total = popularity.Sum();
        var perDay = plan.Parcels / (double)plan.Days;
        return new([.. draws.Select((d, i) => Make(plan, i, cities[i], popularity[i] / total, perDay, d))]);
    }

    /// <summary>The index of a location that sends a parcel.</summary>
    public int Origin(ref Draws draws) => draws.Pick(_origins);

    private static Location Make(NetworkPlan plan, int index, City city, double share, double parcelsPerDay, Draws draws)
    {
        var kind = index < City.All.Count ? "depot" : draws.Chance(0.45) ? "locker" : "shop";
        var spread = kind == "depot" ? 0.03 : 0.11;
        var capacity = Math.Max(2, (int)Math.Round(share * parcelsPerDay * draws.Between(0.85, 1.9)));
        return new(
            index + 1,
            $"{city.Name} {char.ToUpperInvariant(kind[0])}{kind[1..]} {index + 1:000}",
            city,
            kind,
            Math.Round(city.Latitude + (draws.Normal() * spread), 5),
            Math.Round(city.Longitude + (draws.Normal() * spread), 5),
            capacity,
            kind == "locker" || (kind == "depot" && draws.Chance(0.5)),
            plan.Start.AddDays(-30 - draws.Next(3000)),
            share);
    }

    /// <summary>One location per city first, then the larger cities get the more.</summary>
    private static City CityOf(int index)
    {
        var all = City.All;
        if (index < all.Count)
            return all[index];
        // the golden ratio spreads any number of locations evenly over the shares
        var at = (index - all.Count + 1) * 0.6180339887498949 % 1;
        foreach (var city in all)
        {
            at -= city.Share;
            if (at < 0)
                return city;
        }
        return all[^1];
    }

    private static double[] Cumulative(double[] weights)
    {
        var sum = 0.0;
        return [.. weights.Select(w => sum += w)];
    }
}
