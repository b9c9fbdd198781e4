namespace DataSpoc.Platform.MockData;

/// <summary>How many parcels are picked up on each day, and when in the day.</summary>
internal sealed class Calendar
{
    private static readonly double[] WeekdayVolume = [0.45, 1.25, 1.1, 1.0, 1.05, 1.2, 0.8];
    private static readonly double[] HourVolume = [0, 0, 0, 0, 0, 0.2, 0.6, 1.2, 2.0, 2.4, 2.0, 1.6, 1.2, 1.2, 1.5, 1.8, 2.4, 2.6, 2.0, 1.2, 0.7, 0.3, 0.1, 0];
    private readonly NetworkPlan _plan;
    private readonly long[] _firstParcel;

    public Calendar(NetworkPlan plan)
    {
        _plan = plan;
        var volume = new double[plan.Days];
        for (var day = 0; day < plan.Days; day++)
        {
            var draws = new Draws(plan.Seed, Aspect.DayVolume, day);
            volume[day] = WeekdayVolume[(int)Day(day).DayOfWeek] * draws.Between(0.8, 1.25);
        }
        var total = volume.Sum();
        _firstParcel = new long[plan.Days + 1];
        var sum = 0.0;
        for (var day = 0; day < plan.Days; day++)
        {
            sum += volume[day];
            _firstParcel[day + 1] = day == plan.Days - 1 ? plan.Parcels : (long)(plan.Parcels * (sum / total));
        }
    }

    public DateOnly Day(int day) => _plan.Start.AddDays(day);

    /// <summary>The parcels picked up on a day: indices from the first to below the second.</summary>
    public (long From, long To) ParcelsOf(int day) => (_firstParcel[day], _firstParcel[day + 1]);

    /// <summary>When in the day a parcel is picked up. Parcels are in the order of their pick-up, so a share of the day's volume is a time.</summary>
    public static TimeSpan TimeOfDay(double share)
    {
        var rest = share * HourVolume.Sum();
        for (var hour = 0; hour < 24; hour++)
        {
            if (rest < HourVolume[hour])
                return TimeSpan.FromSeconds(Math.Floor((hour + (rest / HourVolume[hour])) * 3600));
            rest -= HourVolume[hour];
        }
        return new(22, 59, 59);
    }
}
