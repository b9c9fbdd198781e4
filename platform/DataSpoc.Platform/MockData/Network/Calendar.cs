namespace DataSpoc.Platform.MockData.Network;

/// <summary>How many parcels are picked up on each day, and when in the day.</summary>
internal sealed class Calendar
{
    private static readonly double[] WeekdayVolume = [0.45, 1.25, 1.1, 1.0, 1.05, 1.2, 0.8];
    private static readonly double[] HourVolume = [0, 0, 0, 0, 0, 0.2, 0.6, 1.2, 2.0, 2.4, 2.0, 1.6, 1.2, 1.2, 1.5, 1.8, 2.4, 2.6, 2.0, 1.2, 0.7, 0.3, 0.1, 0];
    // gifts in winter, holidays in August
    private static readonly double[] MonthVolume = [0.92, 0.9, 0.96, 0.98, 1, 0.98, 0.92, 0.76, 0.98, 1.02, 1.2, 1.45];
    private readonly NetworkPlan _plan;
    private readonly long[] _firstParcel;

    public Calendar(NetworkPlan plan)
    {
        _plan = plan;
        var volume = new double[plan.Days + plan.MoreDays];
        for (var day = 0; day < volume.Length; day++)
        {
            var draws = new Draws(plan.Seed, Aspect.DayVolume, day);
            volume[day] = WeekdayVolume[(int)Day(day).DayOfWeek] * MonthVolume[Day(day).Month - 1] * draws.Between(0.8, 1.25);
        }
        var total = volume.Take(plan.Days).Sum();
        _firstParcel = new long[volume.Length + 1];
        var sum = 0.0;
        for (var day = 0; day < volume.Length; day++)
        {
            sum += volume[day];
            _firstParcel[day + 1] = day == plan.Days - 1 ? plan.Parcels : (long)(plan.Parcels * (sum / total));
        }
    }

    public DateOnly Day(int day) => _plan.Start.AddDays(day);

    /// <summary>The parcels picked up on a day: indices from the first to below the second.</summary>
    public (long From, long To) ParcelsOf(int day) => (_firstParcel[day], _firstParcel[day + 1]);

    /// <summary>The day on which a parcel is picked up.</summary>
    /// <param name="index">Of one that <see cref="ParcelsOf"/> a day.</param>
    public int DayOf(long index)
    {
        // the last day that begins at or before it: days without parcels begin where the next one does
        var (low, high) = (0, _firstParcel.Length - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = _firstParcel[middle] <= index ? (middle, high) : (low, middle);
        }
        return low;
    }

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
