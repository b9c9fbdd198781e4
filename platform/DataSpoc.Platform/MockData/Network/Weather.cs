namespace DataSpoc.Platform.MockData.Network;

/// <summary>The weather in a city over a quarter of a day.</summary>
/// <param name="Sky"><c>clear</c>, <c>cloudy</c>, <c>rain</c>, <c>storm</c> or <c>snow</c>.</param>
/// <param name="Temperature">°C, one decimal.</param>
internal readonly record struct Weather(string Sky, double Temperature)
{
    public static Weather Of(long seed, int city, DateOnly day, int hour)
    {
        // a day has a character of its own, its quarters vary around it
        var ofDay = new Draws(seed, Aspect.Weather, day.DayNumber, city);
        var ofQuarter = new Draws(seed, Aspect.Weather, (day.DayNumber * 4L) + (hour / 6) + 1_000_000_000, city);
        var winter = (1 + Math.Cos((day.DayOfYear - 20) * 2 * Math.PI / 365.25)) / 2;
        var wet = (0.7 * ofDay.Next()) + (0.3 * ofQuarter.Next());
        var place = City.All[city];
        var afternoon = 4 * Math.Cos((hour - 15) * Math.PI / 12);
        var temperature = 25 - (17 * winter) - (4 * place.Snow) + afternoon + (3 * ofDay.Normal()) + ofQuarter.Normal();
        var threshold = 0.74 - (0.16 * winter);
        var sky = wet < 0.42 ? "clear"
            : wet < threshold ? "cloudy"
            : wet > 0.9 ? "storm"
            : winter > 0.6 && ofDay.Chance(place.Snow) ? "snow"
            : "rain";
        return new(sky, Math.Round(sky == "snow" ? Math.Min(temperature, 1.5) : temperature, 1));
    }
}
