namespace DataSpoc.Platform.MockData.Network;

/// <summary>
/// Why parcels are late. A delivery takes its promised time × e^x; x has causes that stand in the data (distance, weekday,
/// hour, weather, load, service, size) and causes that do not (the courier, chance), so a model can learn much of it but
/// never all.
/// </summary>
internal static class Delay
{
    private const double Chance = 0.34;
    private const double Courier = 0.12;

    /// <summary>What the customer is promised.</summary>
    public static TimeSpan Promised(string service) => service switch
    {
        "express" => TimeSpan.FromHours(12),
        "standard" => TimeSpan.FromHours(30),
        _ => TimeSpan.FromHours(72),
    };

    /// <summary>The part of x that the data explains; late is likelier than not above 0.</summary>
    /// <param name="parcel">Service and size count.</param>
    /// <param name="distanceKm">By road.</param>
    /// <param name="pickedUp">Weekday and hour count.</param>
    /// <param name="weather">At the origin.</param>
    /// <param name="pressure">Parcels of the day at the origin per parcel of its capacity.</param>
    public static double Cause(Parcel parcel, double distanceKm, DateTime pickedUp, Weather weather, double pressure)
    {
        var far = Math.Min(distanceKm, 500) / 100;
        var x = -1.02 + (0.17 * far);
        x += weather.Sky switch { "rain" => 0.14, "storm" => 0.38, "snow" => 0.42 + (0.08 * far), _ => 0 };
        // a location works undisturbed up to its capacity
        x += 0.75 * Math.Clamp(pressure - 1, 0, 1);
        x += pickedUp.Hour is (>= 8 and < 10) or (>= 17 and < 19) ? 0.26 : pickedUp.Hour >= 20 ? 0.12 : 0;
        x += pickedUp.DayOfWeek switch { DayOfWeek.Friday => 0.16, DayOfWeek.Saturday => 0.3, DayOfWeek.Sunday => 0.22, DayOfWeek.Monday => 0.1, _ => 0 };
        x += parcel.Service switch { "express" => 0.14, "economy" => -0.22, _ => 0 };
        return x + (parcel.Size == "XL" ? 0.12 : 0);
    }

    public static TimeSpan Taken(TimeSpan promised, double cause, double courier, ref Draws draws) =>
        TimeSpan.FromSeconds(Math.Floor(promised.TotalSeconds * Math.Exp(cause + (Courier * courier) + (Chance * draws.Normal()))));
}
