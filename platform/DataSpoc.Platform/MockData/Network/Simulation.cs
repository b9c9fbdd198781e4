namespace DataSpoc.Platform.MockData.Network;

/// <summary>
/// Makes parcels and their deliveries one after the other, in the order of pick-up, or a single one again. Memory holds the locations and one
/// counter for each and each of the last days, however many parcels and customers there are.
/// </summary>
internal sealed class Simulation(NetworkPlan plan)
{
    private static readonly string[] Services = ["express", "standard", "economy"];
    private static readonly double[] ServiceShares = [0.25, 0.8, 1];
    private static readonly string[] Sizes = ["S", "M", "L", "XL"];
    private static readonly double[] SizeShares = [0.38, 0.74, 0.93, 1];

    // as many as parcels may be under way
    private const int LoadsKept = 64;
    private readonly Dictionary<int, int[]> _loads = [];

    public LocationMap Locations { get; } = LocationMap.Of(plan);

    public Calendar Calendar { get; } = new(plan);

    public Customers Customers { get; } = new(plan);

    /// <summary>All deliveries, as they are known at <see cref="NetworkPlan.Now"/>.</summary>
    public IEnumerable<Delivery> Deliveries() => Enumerable.Range(0, plan.Days).SelectMany(OfDay).Select(delivery => delivery.AsOf(plan.Now));

    /// <summary>What is picked up on a day, with how it will end.</summary>
    public IEnumerable<Delivery> OfDay(int day)
    {
        var (from, to) = Calendar.ParcelsOf(day);
        var load = LoadOf(day);
        for (var index = from; index < to; index++)
            yield return Delivery(index, day, from, to, load);
    }

    /// <summary>A single parcel's delivery: the same as <see cref="OfDay"/> gives on its day.</summary>
    /// <param name="index">From 0; of the base or of the days after it.</param>
    public Delivery Of(long index)
    {
        var day = Calendar.DayOf(index);
        var (from, to) = Calendar.ParcelsOf(day);
        return Delivery(index, day, from, to, LoadOf(day));
    }

    /// <summary>How many parcels each location hands out on a day: a cause of delay, so it is counted before anything leaves.</summary>
    private int[] LoadOf(int day)
    {
        if (_loads.TryGetValue(day, out var known))
            return known;
        var load = new int[Locations.All.Count];
        var (from, to) = Calendar.ParcelsOf(day);
        for (var index = from; index < to; index++)
            load[OriginOf(index)]++;
        if (_loads.Count == LoadsKept)
            _loads.Remove(_loads.Keys.Min());
        return _loads[day] = load;
    }

    private int OriginOf(long index)
    {
        var draws = new Draws(plan.Seed, Aspect.Origin, index);
        return Locations.Origin(ref draws);
    }

    private Delivery Delivery(long index, int dayNumber, long from, long to, int[] load)
    {
        var (share, width) = ((double)(index - from) / (to - from), 1.0 / (to - from));
        var day = Calendar.Day(dayNumber);
        var draws = new Draws(plan.Seed, Aspect.Parcel, index);
        var origin = Locations.All[OriginOf(index)];
        var pickedUp = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) + Calendar.TimeOfDay(share + (width * draws.Next()));
        var parcel = Parcel(index, origin, pickedUp, ref draws);
        var city = CityIndex(origin.City);
        var weather = Weather.Of(plan.Seed, city, day, pickedUp.Hour);
        var courier = draws.Next(plan.Couriers);
        var distance = Math.Round(origin.DistanceTo(parcel.Destination), 1);
        var promised = pickedUp + Delay.Promised(parcel.Service);
        var pressure = load[origin.Id - 1] / (double)origin.Capacity;
        var cause = Delay.Cause(parcel, distance, pickedUp, weather, pressure);
        var skill = new Draws(plan.Seed, Aspect.Courier, courier).Normal();
        var taken = Delay.Taken(promised - pickedUp, cause, skill, ref draws);
        var delivered = pickedUp + taken;
        var reported = draws.Chance(0.985) ? weather : (Weather?)null;
        var late = delivered > promised;
        var customer = Customers.Sender(index, dayNumber, city, late) + 1;
        return new(parcel with { CustomerId = customer }, $"C-{courier + 1:00000}", pickedUp, promised, delivered, distance, reported, late);
    }

    private Parcel Parcel(long index, Location origin, DateTime pickedUp, ref Draws draws)
    {
        var destination = Destination(origin, ref draws);
        var size = draws.Pick(SizeShares);
        var weight = (int)Math.Round(350 * Math.Pow(3, size) * draws.Between(0.5, 1.9));
        var created = pickedUp - TimeSpan.FromSeconds(Math.Floor(draws.Between(600, 8 * 3600)));
        return new(
            index + 1,
            created,
            origin,
            destination,
            Services[draws.Pick(ServiceShares)],
            Sizes[size],
            draws.Chance(0.99) ? weight : null,
            draws.Chance(0.12),
            draws.Chance(0.2) ? (long)Math.Round(1000 * Math.Pow(10, draws.Between(0, 2.3))) : null,
            null);
    }

    /// <summary>Half of all parcels stay in their city.</summary>
    private Location Destination(Location origin, ref Draws draws)
    {
        var stays = draws.Chance(0.5);
        for (var tries = 0; tries < 20; tries++)
        {
            var candidate = Locations.All[Locations.Origin(ref draws)];
            if (candidate != origin && (!stays || candidate.City == origin.City))
                return candidate;
        }
        return Locations.All[origin.Id % Locations.All.Count];
    }

    private static int CityIndex(City city)
    {
        for (var i = 0; i < City.All.Count; i++)
        {
            if (City.All[i] == city)
                return i;
        }
        throw new InvalidOperationException($"{city.Name} is not a city of the network");
    }
}
