using DataSpoc.Platform.MockData;
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

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3650)]
    [InlineData(7, 30)]
    public void Deliveries_OfATinyNetwork_AreAsManyAsAsked(long parcels, int days) =>
        Assert.Equal(parcels, new Simulation(new(Seed: -5, parcels, days, new(2026, 3, 1))).Deliveries().LongCount());

    /// <summary>The probability that a late parcel scores above one in time (Mann-Whitney).</summary>
    private static double AreaUnderCurve(List<(double Score, bool Late)> scored)
    {
        var ordered = scored.OrderBy(s => s.Score).ToList();
        double late = ordered.Count(s => s.Late), inTime = ordered.Count - late, below = 0, sum = 0;
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
