using System.Runtime.InteropServices;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>Parcels to which something happens on a day to come: a number each (8 bytes), from which the parcel is made again that day.</summary>
internal sealed class ParcelsByDay
{
    private readonly Dictionary<int, List<long>> _days = [];

    public void Add(int day, long index)
    {
        if (!_days.TryGetValue(day, out var parcels))
            _days[day] = parcels = [];
        parcels.Add(index);
    }

    /// <summary>Those of a day in the order of pick-up, which is the same however they came here.</summary>
    public IReadOnlyList<long> Take(int day)
    {
        if (!_days.Remove(day, out var parcels))
            return [];
        CollectionsMarshal.AsSpan(parcels).Sort();
        return parcels;
    }

    public void Clear() => _days.Clear();
}
