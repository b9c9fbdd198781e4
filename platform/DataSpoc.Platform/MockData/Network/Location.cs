namespace DataSpoc.Platform.MockData.Network;

/// <summary>A place where parcels are dropped off and picked up.</summary>
/// <param name="Id">1, 2, …</param>
/// <param name="Name">For people.</param>
/// <param name="City">Where.</param>
/// <param name="Kind"><c>depot</c>, <c>shop</c> or <c>locker</c>.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="Capacity">Parcels a day that it handles without delay.</param>
/// <param name="OpenAtNight">Whether parcels can be handed over at any hour.</param>
/// <param name="OpenedOn">Its first day.</param>
/// <param name="Share">Of all parcels that are dropped off.</param>
internal sealed record Location(int Id, string Name, City City, string Kind, double Latitude, double Longitude, int Capacity, bool OpenAtNight, DateOnly OpenedOn, double Share)
{
    /// <summary>Road kilometres: the great circle and a quarter.</summary>
    public double DistanceTo(Location other)
    {
        const double EarthRadius = 6371, Degree = Math.PI / 180;
        var (lat1, lat2) = (Latitude * Degree, other.Latitude * Degree);
        var sinLat = Math.Sin((lat2 - lat1) / 2);
        var sinLon = Math.Sin((other.Longitude - Longitude) * Degree / 2);
        var h = (sinLat * sinLat) + (Math.Cos(lat1) * Math.Cos(lat2) * sinLon * sinLon);
        return 1.25 * 2 * EarthRadius * Math.Asin(Math.Sqrt(h));
    }
}
