using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Network;

/// <summary>Writes the days before <see cref="NetworkPlan.Until"/>, as they are known then.</summary>
internal sealed class BaseNetwork(NetworkPlan plan)
{
    private readonly Simulation _simulation = new(plan);

    /// <param name="sink">Where to.</param>
    /// <param name="from">The first day that is still to be written, from 0.</param>
    /// <param name="progress">Told every parcel.</param>
    /// <param name="cancel">Stops it.</param>
    public void Write(ITableSink sink, int from, ProgressLine progress, CancellationToken cancel)
    {
        var locations = new TableRows<Location>(MockTables.Locations, sink);
        var customers = new TableRows<Customer>(MockTables.Customers, sink);
        var parcels = new TableRows<Parcel>(MockTables.Parcels, sink);
        var deliveries = new TableRows<Delivery>(MockTables.Deliveries, sink);
        var occupancy = new TableRows<Occupancy>(MockTables.Occupancy, sink);
        foreach (var location in _simulation.Locations.All)
            locations.Add(location);
        var joined = customers.Wanted ? _simulation.Customers.JoinedBy(plan.Days - 1) : 0;
        for (var index = 0L; index < joined; index++)
        {
            cancel.ThrowIfCancellationRequested();
            customers.Add(_simulation.Customers.Get(index, plan.Days));
        }
        if (!parcels.Wanted && !deliveries.Wanted && !occupancy.Wanted)
            return;
        for (var day = from; day < plan.Days; day++)
        {
            sink.DayBegins(_simulation.Calendar.Day(day));
            var count = new OccupancyCount(_simulation.Locations.All, _simulation.Calendar.Day(day));
            foreach (var delivery in _simulation.OfDay(day))
            {
                cancel.ThrowIfCancellationRequested();
                parcels.Add(delivery.Parcel);
                deliveries.Add(delivery.AsOf(plan.Now));
                count.Add(delivery);
                progress.Advance(1);
            }
            if (occupancy.Wanted)
            {
                foreach (var row in count.Rows())
                    occupancy.Add(row);
            }
            sink.DayEnds(_simulation.Calendar.Day(day));
        }
    }
}
