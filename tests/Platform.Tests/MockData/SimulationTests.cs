using DataSpoc.Platform.MockData.Network;
using Xunit;

namespace Platform.Tests.MockData;

public sealed class SimulationTests
{
    private static readonly NetworkPlan Plan = new(Seed: 1, Parcels: 30_000, Days: 300, new(2026, 11, 1));

    [Fact]
    public void Deliveries_OfTheDefaultNetwork_AreLateForReasonsThatCanBeLearntButNotAll()
    {
        var simulation = new Simulation(Plan);
        var all = simulation.Deliveries().ToList();
        var load = all.GroupBy(d => (d.Parcel.Origin.Id, DateOnly.FromDateTime(d.PickedUpAt))).ToDictionary(g => g.Key, g => g.Count());
        var scored = all.Where(d => d is { Late: not null, Weather: not null }).Select(d =>
        {
            var pressure = load[(d.Parcel.Origin.Id, DateOnly.FromDateTime(d.PickedUpAt))] / (double)d.Parcel.Origin.Capacity;
            return (Score: Delay.Cause(d.Parcel, d.DistanceKm, d.PickedUpAt, d.Weather!.Value, pressure), Late: d.Late!.Value);
        }).ToList();

        var share = scored.Count(s => s.Late) / (double)scored.Count;
        Assert.InRange(share, 0.1, 0.35);
        Assert.InRange(AreaUnderCurve(scored), 0.80, 0.93);
    }

    [Fact]
    public void Deliveries_OfTheLastDays_AreStillOnTheirWay()
    {
        var all = new Simulation(Plan).Deliveries().ToList();
        Assert.All(all, d => Assert.Equal(d.DeliveredAt is null, d.Late is null));
        Assert.All(all.Where(d => d.DeliveredAt is not null), d => Assert.Equal(d.DeliveredAt > d.PromisedAt, d.Late));
        Assert.All(all, d => Assert.True(d.DeliveredAt is null || d.DeliveredAt <= Plan.Now));
        Assert.InRange(all.Count(d => d.Late is null), 30, 1000);
    }

    [Fact]
    public void Deliveries_InTheirOrder_AreInTheOrderOfPickUp()
    {
        var all = new Simulation(Plan).Deliveries().ToList();
        Assert.Equal(30_000, all.Count);
        Assert.Equal(Enumerable.Range(1, 30_000).Select(i => (long)i), all.Select(d => d.Parcel.Id));
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.First.PickedUpAt <= pair.Second.PickedUpAt));
        Assert.All(all, d => Assert.True(d.Parcel.CreatedAt < d.PickedUpAt && d.Parcel.Origin != d.Parcel.Destination));
    }

    [Fact]
    public void Deliveries_OfTheDefaultNetwork_HaveEveryKindOfValue()
    {
        var all = new Simulation(Plan).Deliveries().ToList();
        Assert.Equal(["clear", "cloudy", "rain", "snow", "storm"], all.Select(d => d.Weather?.Sky).OfType<string>().Distinct().Order());
        Assert.Equal(["economy", "express", "standard"], all.Select(d => d.Parcel.Service).Distinct().Order());
        Assert.Equal(["depot", "locker", "shop"], all.Select(d => d.Parcel.Origin.Kind).Distinct().Order());
        Assert.Contains(all, d => d.Weather is null);
        Assert.Contains(all, d => d.Parcel.WeightGrams is null);
    }

    [Fact]
    public void Customers_WithLateParcels_LeaveAndSendLessBefore()
    {
        var simulation = new Simulation(Plan);
        var all = simulation.Deliveries().Where(d => d.Late is not null && d.Parcel.CustomerId is not null).ToLookup(d => d.Parcel.CustomerId!.Value - 1);
        var asOf = 240;
        List<(double Score, bool Left)> scored = [];
        for (var index = 0L; index < simulation.Customers.JoinedBy(asOf); index++)
        {
            if (simulation.Customers.Get(index, asOf).ChurnedOn is not null)
                continue;
            var recent = all[index].Where(d => DateOnly.FromDateTime(d.PickedUpAt).DayNumber - Plan.Start.DayNumber is >= 180 and < 240).ToList();
            scored.Add((recent.Count == 0 ? 0.2 : (recent.Count(d => d.Late == true) + 0.2) / (recent.Count + 1), simulation.Customers.Get(index, 300).ChurnedOn is not null));
        }
        Assert.InRange(scored.Count(s => s.Left) / (double)scored.Count, 0.03, 0.4);
        Assert.InRange(AreaUnderCurve(scored), 0.58, 0.95);
        // nobody sends anything after they have left, and before they have come
        for (var index = 0L; index < simulation.Customers.JoinedBy(299); index++)
        {
            var customer = simulation.Customers.Get(index, 300);
            Assert.All(all[index], d => Assert.True(DateOnly.FromDateTime(d.PickedUpAt) >= customer.JoinedOn && !(DateOnly.FromDateTime(d.PickedUpAt) >= customer.ChurnedOn)));
        }
    }

    [Fact]
    public void Deliveries_OfTheDefaultNetwork_FollowTheHourTheWeekdayAndTheSeason()
    {
        var all = new Simulation(Plan with { Days = 365 }).Deliveries().ToList();
        var hours = all.CountBy(d => d.PickedUpAt.Hour).ToDictionary();
        Assert.True(hours[9] > 1.5 * hours[12] && hours[17] > 1.5 * hours[12] && hours[12] > 4 * hours[21]);
        var weekdays = all.CountBy(d => d.PickedUpAt.DayOfWeek).ToDictionary();
        Assert.True(weekdays[DayOfWeek.Monday] > 2 * weekdays[DayOfWeek.Sunday]);
        var months = all.CountBy(d => d.PickedUpAt.Month).ToDictionary();
        Assert.True(months[12] > 1.5 * months[8] && months[12] > 1.2 * months[3]);
    }

    [Fact]
    public void MoreDays_ChangeNothingBeforeThem()
    {
        var (shorter, longer) = (new Simulation(Plan), new Simulation(Plan with { MoreDays = 20 }));
        Assert.Equal(shorter.OfDay(299), longer.OfDay(299));
        Assert.Equal(30_001, longer.OfDay(300).First().Parcel.Id);
        Assert.Equal(longer.OfDay(310), new Simulation(Plan with { MoreDays = 11 }).OfDay(310));
    }

    [Fact]
    public void Delivery_MadeAgainAlone_IsTheSame()
    {
        var days = new Simulation(Plan with { MoreDays = 3 });
        var again = new Simulation(Plan with { MoreDays = 3 });
        foreach (var day in new[] { 302, 0, 250, 299, 300 })
            Assert.All(days.OfDay(day), delivery => Assert.Equal(delivery, again.Of(delivery.Parcel.Index)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3650)]
    [InlineData(7, 30)]
    public void Deliveries_OfATinyNetwork_AreAsManyAsAsked(long parcels, int days) =>
        Assert.Equal(parcels, new Simulation(new(Seed: -5, parcels, days, new(2026, 3, 1))).Deliveries().LongCount());

    /// <summary>The probability that a late parcel scores above one in time (Mann-Whitney).</summary>
    private static double AreaUnderCurve(List<(double Score, bool Is)> scored)
    {
        var ordered = scored.OrderBy(s => s.Score).ToList();
        double late = ordered.Count(s => s.Is), inTime = ordered.Count - late, below = 0, sum = 0;
        foreach (var (_, isLate) in ordered)
        {
            if (isLate)
                sum += below;
            else
                below++;
        }
        return sum / (late * inTime);
    }
}
