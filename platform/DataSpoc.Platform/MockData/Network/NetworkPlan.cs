using System.Globalization;

namespace DataSpoc.Platform.MockData.Network;

/// <summary>What is to be made. The same plan gives the same bytes.</summary>
/// <param name="Seed">Any number.</param>
/// <param name="Parcels">At least 1.</param>
/// <param name="Days">Days of operation, at least 1.</param>
/// <param name="Until">The day after the last; parcels that were not delivered by then are still on their way.</param>
internal sealed record NetworkPlan(long Seed, long Parcels, int Days, DateOnly Until)
{
    /// <summary>Days simulated after <see cref="Until"/>. Nothing before them depends on how many they are.</summary>
    public int MoreDays { get; init; }

    /// <summary>Parcels at <c>--scale 1</c>.</summary>
    public const long BaseParcels = 50_000;

    /// <summary>The moment the data is of (UTC).</summary>
    public DateTime Now => After(Days - 1);

    /// <summary>The first day.</summary>
    public DateOnly Start => Until.AddDays(-Days);

    /// <summary>The end of a day (UTC).</summary>
    public DateTime After(int day) => Start.AddDays(day + 1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>The day that a moment is in, its midnight being the end of the day before (as in <see cref="After"/>).</summary>
    public int DayUntil(DateTime moment) => (int)((moment.Ticks - 1) / TimeSpan.TicksPerDay) - Start.DayNumber;

    /// <summary>How messages and bookmarks call it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, {Parcels} parcels in {Days} days until {Until:yyyy-MM-dd}");

    /// <summary>More parcels are carried by more locations, but not by as many more.</summary>
    public int Locations => Math.Clamp((int)Math.Round(40 * Math.Sqrt(Parcels / (double)BaseParcels)), 8, 5000);

    /// <summary>A courier carries about twenty parcels a day.</summary>
    public int Couriers => (int)Math.Clamp(Parcels / Days / 20, 5, 100_000);
}
