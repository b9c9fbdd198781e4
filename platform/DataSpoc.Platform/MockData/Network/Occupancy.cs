namespace DataSpoc.Platform.MockData.Network;

/// <summary>How full a location is at a moment.</summary>
/// <param name="LocationId">Where.</param>
/// <param name="MeasuredAt">UTC.</param>
/// <param name="Waiting">Parcels that were handed in and not picked up yet.</param>
/// <param name="Slots">Parcels that there is room for.</param>
internal sealed record Occupancy(int LocationId, DateTime MeasuredAt, int Waiting, int Slots);

/// <summary>Counts a day's parcels where they wait, four times a day. Pick-ups begin at five, so that what waits at these hours is picked up the same day.</summary>
internal sealed class OccupancyCount(IReadOnlyList<Location> locations, DateOnly day)
{
    private static readonly int[] Hours = [8, 12, 16, 20];
    private readonly int[] _waiting = new int[locations.Count * Hours.Length];

    public void Add(Delivery delivery)
    {
        for (var i = 0; i < Hours.Length; i++)
        {
            var measured = At(i);
            if (delivery.Parcel.CreatedAt <= measured && measured < delivery.PickedUpAt)
                _waiting[((delivery.Parcel.Origin.Id - 1) * Hours.Length) + i]++;
        }
    }

    public IEnumerable<Occupancy> Rows()
    {
        for (var i = 0; i < Hours.Length; i++)
        {
            foreach (var location in locations)
                yield return new(location.Id, At(i), _waiting[((location.Id - 1) * Hours.Length) + i], Math.Max(4, (location.Capacity + 1) / 2));
        }
    }

    private DateTime At(int i) => day.ToDateTime(new(Hours[i], 0), DateTimeKind.Utc);
}
