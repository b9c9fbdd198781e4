using System.Globalization;

namespace DataSpoc.Platform.MockData.Network;

/// <summary>
/// All customers of a network, none of them kept in memory. Customers leave for reasons that stand in the data: their contract and segment, and
/// late parcels. A parcel that is late is likelier to be one of a customer who is about to leave, which, seen from the customer, is the same as
/// leaving because of late parcels, and needs no memory of who got which. Before they leave they also send less.
/// </summary>
internal sealed class Customers
{
    private const int Slots = 100;
    private const int Unhappy = 75;
    private static readonly string[] FirstNames = ["Ana", "Bruno", "Carla", "Diogo", "Eva", "Filipe", "Graça", "Hugo", "Inês", "João", "Lara", "Miguel", "Nuno", "Olga", "Pedro", "Rita", "Sofia", "Tiago", "Vera", "Xavier"];
    private static readonly string[] LastNames = ["Silva", "Santos", "Ferreira", "Pereira", "Oliveira", "Costa", "Rodrigues", "Martins", "Sousa", "Fernandes", "Gonçalves", "Gomes", "Lopes", "Marques", "Alves", "Almeida"];
    private static readonly string[] Segments = ["private", "shop", "business"];
    private static readonly double[] SegmentShares = [0.68, 0.92, 1];
    private static readonly string[] Contracts = ["none", "monthly", "yearly"];
    private static readonly double[] ContractShares = [0.5, 0.8, 1];
    private readonly NetworkPlan _plan;
    private readonly long _first;
    private readonly double _newPerDay;
    private readonly int[] _citySlots = new int[Slots];
    private readonly int[][] _slotsOfCity;

    public Customers(NetworkPlan plan)
    {
        _plan = plan;
        var customers = Math.Clamp(plan.Parcels / 25, 20, 40_000_000);
        _first = customers * 3 / 4;
        _newPerDay = (customers - _first) / (double)plan.Days;
        var at = 0.0;
        for (var slot = 0; slot < Slots; slot++)
        {
            // shuffled by a step that has no factor in common with 100
            var share = 0.0;
            var city = 0;
            while (city < City.All.Count - 1 && (share += City.All[city].Share) * Slots <= at + 0.5)
                city++;
            _citySlots[slot * 37 % Slots] = city;
            at++;
        }
        _slotsOfCity = [.. Enumerable.Range(0, City.All.Count).Select(c => Enumerable.Range(0, Slots).Where(s => _citySlots[s] == c).ToArray())];
    }

    /// <summary>Customers who have ever joined by the end of a day; −1 is the day before the first.</summary>
    public long JoinedBy(int day) => _first + (long)((day + 1) * _newPerDay);

    /// <param name="index">From 0.</param>
    /// <param name="until">What is known is what was so before this day.</param>
    public Customer Get(long index, int until)
    {
        var draws = new Draws(_plan.Seed, Aspect.CustomerName, index);
        var traits = TraitsOf(index);
        var (first, last) = (FirstNames[draws.Next(FirstNames.Length)], LastNames[draws.Next(LastNames.Length)]);
        var joined = index < _first ? _plan.Start.AddDays(-1 - (int)(1500 * (_first - 1 - index) / Math.Max(1, _first))) : _plan.Start.AddDays(JoinDay(index));
        return new(
            index + 1,
            traits.Segment == 0 ? $"{first} {last}" : traits.Segment == 1 ? $"{last} & Filhos" : $"{last} {first} Logística, Lda",
            string.Create(CultureInfo.InvariantCulture, $"{Ascii(first)}.{Ascii(last)}.{index + 1}@example.com"),
            Segments[traits.Segment],
            City.All[_citySlots[index % Slots]],
            Contracts[traits.Contract],
            traits.Newsletter,
            joined,
            traits.LeavesOn < until ? _plan.Start.AddDays(traits.LeavesOn) : null);
    }

    /// <summary>Those who left on a day.</summary>
    public IEnumerable<long> LeftOn(int day)
    {
        var joined = JoinedBy(day);
        for (var index = 0L; index < joined; index++)
        {
            if (TraitsOf(index).LeavesOn == day)
                yield return index;
        }
    }

    /// <summary>Who sends a parcel: an index, or null for somebody without an account.</summary>
    public long? Sender(long parcel, int day, int city, bool late)
    {
        var draws = new Draws(_plan.Seed, Aspect.Sender, parcel);
        if (draws.Chance(0.06))
            return null;
        var joined = JoinedBy(day);
        var slots = _slotsOfCity[city];
        for (var tries = 0; tries < 24; tries++)
        {
            var index = ((long)(draws.Next() * ((joined + Slots - 1) / Slots)) * Slots) + slots[draws.Next(slots.Length)];
            var accepts = draws.Next();
            if (index < joined && accepts < Willingness(TraitsOf(index), day, late))
                return index;
        }
        return null;
    }

    private static double Willingness(Traits traits, int day, bool late)
    {
        var left = traits.LeavesOn - day;
        if (left <= 0)
            return 0;
        return left >= Unhappy ? traits.Activity * (late ? 0.4 : 1)
            : traits.Activity * (0.35 + (0.65 * left / Unhappy)) * (late ? 1 : 0.35);
    }

    /// <summary>The day on which a customer who was not there at first joined.</summary>
    private int JoinDay(long index)
    {
        var day = Math.Max(0, (int)((index + 1 - _first) / _newPerDay) - 2);
        while (JoinedBy(day) <= index)
            day++;
        return day;
    }

    private Traits TraitsOf(long index)
    {
        var draws = new Draws(_plan.Seed, Aspect.Customer, index);
        var segment = draws.Pick(SegmentShares);
        var contract = draws.Pick(ContractShares);
        var newsletter = draws.Chance(0.4);
        var activity = Math.Min(1, (segment + 1) * (0.12 + (0.3 * draws.Next())));
        var daily = 0.002 * (contract switch { 0 => 1.9, 1 => 1, _ => 0.25 }) * (segment switch { 0 => 1.2, 1 => 0.9, _ => 0.5 }) * (newsletter ? 0.75 : 1.1);
        // a stay of exponential length
        var stay = 10 + (int)(-Math.Log(1 - draws.Next()) / daily);
        return new(segment, contract, newsletter, activity, (index < _first ? 0 : JoinDay(index)) + stay);
    }

    private static string Ascii(string name) => name.ToLowerInvariant().Replace('ç', 'c').Replace('ê', 'e').Replace('ã', 'a');

    private readonly record struct Traits(int Segment, int Contract, bool Newsletter, double Activity, int LeavesOn);
}
