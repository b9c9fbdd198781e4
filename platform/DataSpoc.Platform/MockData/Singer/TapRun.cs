using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Changes;
using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary>One run of the tap: the days of the base that are missing, then those of the simulated ones.</summary>
internal sealed class TapRun(NetworkPlan plan, TapSettings settings, CatalogSelection selection, Bookmarks bookmarks)
{
    public void Write(Stream stdout, ProgressLine progress, CancellationToken cancel)
    {
        var lastBaseDay = plan.Until.AddDays(-1);
        using var sink = new SingerSink(stdout, selection, bookmarks, lastBaseDay, settings.StartDate);
        var rates = Rates();
        var wanted = MockTables.All.Select(static t => t.Name).Where(selection.Has).ToList();
        var from = FirstDay(wanted, lastBaseDay);
        if (from <= lastBaseDay)
            new BaseNetwork(plan).Write(sink, Math.Max(0, from.DayNumber - plan.Start.DayNumber), progress, cancel);
        else
            Announce(sink, rates, from);
        if (from <= lastBaseDay)
            sink.DayEnds(lastBaseDay);
        var simulation = new SimulatedDays(plan, rates);
        for (var number = 1; number <= rates.Count; number++)
        {
            var day = simulation.Date(number);
            if (wanted.All(stream => bookmarks.Has(stream, day)))
                continue;
            sink.State();
            simulation.Write(number, sink, new(), cancel);
        }
        sink.State();
    }

    /// <summary>The first day of which a stream is missing; after all days where none is.</summary>
    private DateOnly FirstDay(List<string> wanted, DateOnly lastBaseDay)
    {
        if (wanted.All(stream => bookmarks.Has(stream, lastBaseDay)))
            return lastBaseDay.AddDays(1);
        var daily = wanted.Where(static s => s is not ("locations" or "customers")).ToList();
        var first = settings.StartDate is { } start && start > plan.Start ? start : plan.Start;
        while (first < lastBaseDay && daily.All(stream => bookmarks.Has(stream, first)))
            first = first.AddDays(1);
        return first < lastBaseDay ? first : lastBaseDay;
    }

    /// <summary>The streams as they are by the first day that is missing, before anything is said of it.</summary>
    private void Announce(SingerSink sink, List<DayRates> rates, DateOnly missing)
    {
        var number = Math.Min(rates.Count, missing.DayNumber - plan.Until.DayNumber + 1);
        while (number < rates.Count && MockTables.All.All(t => !selection.Has(t.Name) || bookmarks.Has(t.Name, plan.Until.AddDays(number - 1))))
            number++;
        var columns = number > 0 ? rates[number - 1].Columns : 0;
        foreach (var shape in new LaterColumns(plan.Seed).Shapes(columns))
            sink.Open(shape);
    }

    private List<DayRates> Rates()
    {
        var rates = new List<DayRates>();
        for (var number = 1; number <= settings.SimulateDays; number++)
            rates.Add(settings.Mishaps.On(number, number == 1 ? 0 : rates[^1].Columns));
        return rates;
    }
}
