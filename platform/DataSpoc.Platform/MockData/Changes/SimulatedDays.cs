using System.Globalization;
using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>
/// The days after a network's base, one after the other, each as a source would hand it over in the evening: what is new, what has come on, and
/// what goes wrong on purpose. Everything follows from the seed and from each day's rates, so a day can be written again, or the next one first.
/// </summary>
/// <param name="plan">The base.</param>
/// <param name="days">The rates of all days, the first simulated one first.</param>
internal sealed class SimulatedDays(NetworkPlan plan, IReadOnlyList<DayRates> days)
{
    // hardly any parcel takes longer; one that does stays on its way in the data
    private const int LongestWay = 60;
    private const int CorrectedAfter = 5;
    private readonly Simulation _simulation = new(plan with { MoreDays = days.Count });
    private readonly LaterColumns _later = new(plan.Seed);
    private readonly ParcelsByDay _onTheirWay = new();
    private readonly ParcelsByDay _heldBack = new();
    private int _next = -1;

    /// <summary>The date of a simulated day, from 1.</summary>
    public DateOnly Date(int number) => plan.Until.AddDays(number - 1);

    /// <summary>Writes a day. Where it does not follow the one that was written last, what is on its way by then is looked up first.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="sink">Where to.</param>
    /// <param name="log">Told what was written.</param>
    /// <param name="cancel">Stops it.</param>
    public void Write(int number, ITableSink sink, ChangeLog log, CancellationToken cancel)
    {
        var today = plan.Days + number - 1;
        if (_next != today)
            LookBack(today, cancel);
        _next = today + 1;
        var evening = new Evening(this, number, today, sink, log, cancel);
        sink.DayBegins(Date(number));
        evening.Write();
        sink.DayEnds(Date(number));
    }

    private void LookBack(int today, CancellationToken cancel)
    {
        _onTheirWay.Clear();
        _heldBack.Clear();
        for (var day = Math.Max(0, today - LongestWay); day < today; day++)
        {
            foreach (var delivery in _simulation.OfDay(day))
            {
                cancel.ThrowIfCancellationRequested();
                if (ArrivalOf(delivery, day) is var arrives && arrives >= today)
                    _heldBack.Add(arrives, delivery.Parcel.Index);
                else
                    Follow(delivery, day, today - 1);
            }
        }
    }

    /// <summary>Remembers the day on which a delivery that was handed over ends, where that is still to come.</summary>
    private void Follow(Delivery delivery, int day, int today)
    {
        if (delivery.DeliveredAt is { } delivered && plan.DayUntil(delivered) is var ends && ends > today && ends - day <= LongestWay)
            _onTheirWay.Add(ends, delivery.Parcel.Index);
    }

    /// <summary>The day on which a row first comes.</summary>
    private int ArrivalOf(Delivery delivery, int day)
    {
        if (day < plan.Days)
            return day;
        var draws = new Draws(plan.Seed, Aspect.Arrival, delivery.Parcel.Id);
        return draws.Chance(days[day - plan.Days].Late) ? day + 1 + draws.Next(3) : day;
    }

    /// <summary>A delivery as the source shows it in the evening of a day, corrected where it was corrected by then.</summary>
    private Delivery AsOf(Delivery delivery, int today)
    {
        var known = delivery.AsOf(plan.After(today));
        var corrected = DateOnly.FromDateTime(delivery.PickedUpAt).DayNumber - plan.Start.DayNumber + CorrectedAfter;
        return corrected <= today && CorrectionOf(delivery, corrected) is { } distance ? known with { DistanceKm = distance } : known;
    }

    /// <summary>The distance that is put right on a day, or null.</summary>
    private double? CorrectionOf(Delivery delivery, int day)
    {
        if (day < plan.Days || day - plan.Days >= days.Count)
            return null;
        var draws = new Draws(plan.Seed, Aspect.Correction, delivery.Parcel.Id);
        return draws.Chance(days[day - plan.Days].Corrections) ? Math.Round((delivery.DistanceKm * draws.Between(1.1, 1.5)) + 0.1, 1) : null;
    }

    /// <summary>The deliveries of a day that are put right on another; the others are not made.</summary>
    private IEnumerable<Delivery> Corrected(int day, int on)
    {
        var (from, to) = _simulation.Calendar.ParcelsOf(day);
        for (var index = from; index < to; index++)
        {
            if (new Draws(plan.Seed, Aspect.Correction, index + 1).Chance(days[on - plan.Days].Corrections))
                yield return _simulation.Of(index);
        }
    }

    /// <summary>One day's rows.</summary>
    private sealed class Evening
    {
        private readonly SimulatedDays _all;
        private readonly int _today;
        private readonly DateOnly _date;
        private readonly DayRates _rates;
        private readonly ChangeLog _log;
        private readonly CancellationToken _cancel;
        private readonly Simulation _simulation;
        private readonly TableRows<Customer> _customers;
        private readonly TableRows<Parcel> _parcels;
        private readonly TableRows<Delivery> _deliveries;
        private readonly TableRows<Occupancy> _occupancy;

        public Evening(SimulatedDays all, int number, int today, ITableSink sink, ChangeLog log, CancellationToken cancel)
        {
            (_all, _today, _date, _log, _cancel, _simulation) = (all, today, all.Date(number), log, cancel, all._simulation);
            _rates = all.DayOf(number);
            var before = number == 1 ? 0 : all.DayOf(number - 1).Columns;
            foreach (var (table, column) in LaterColumns.InOrder.Take(_rates.Columns).Skip(before))
                _log.Add(new(_date, ChangeKind.NewColumn, table, null, column));
            _customers = new(MockTables.Customers, sink);
            _parcels = new(MockTables.Parcels.With(LaterColumns.OfParcels(_rates.Columns)), sink);
            _deliveries = new(MockTables.Deliveries.With(all._later.OfDeliveries(_rates.Columns)), sink);
            _occupancy = new(MockTables.Occupancy, sink);
        }

        public void Write()
        {
            Delivered();
            Late();
            Today();
            Corrections();
            People();
        }

        /// <summary>What was on its way and has arrived.</summary>
        private void Delivered()
        {
            foreach (var index in _all._onTheirWay.Take(_today))
            {
                _cancel.ThrowIfCancellationRequested();
                Put(_simulation.Of(index), ChangeKind.Updated);
            }
        }

        private void Late()
        {
            foreach (var index in _all._heldBack.Take(_today))
            {
                PutBoth(_simulation.Of(index), ChangeKind.Late);
                _log.Add(new(_date, ChangeKind.Late, "parcels", index + 1));
                _log.Add(new(_date, ChangeKind.Late, "deliveries", index + 1));
            }
        }

        private void Today()
        {
            var count = new OccupancyCount(_simulation.Locations.All, _date);
            foreach (var delivery in _simulation.OfDay(_today))
            {
                _cancel.ThrowIfCancellationRequested();
                count.Add(delivery);
                if (_all.ArrivalOf(delivery, _today) is var arrives && arrives > _today)
                {
                    _all._heldBack.Add(arrives, delivery.Parcel.Index);
                    continue;
                }
                Soil(delivery);
                PutBoth(delivery, ChangeKind.New);
                _log.Count(ChangeKind.New, "parcels");
            }
            foreach (var row in count.Rows())
            {
                _occupancy.Add(row);
                _log.Count(ChangeKind.New, "occupancy");
            }
        }

        private void Soil(Delivery delivery)
        {
            if (Dirt.Of(_all.Seed, delivery.Parcel.Id, _rates.Dirty) is not var (table, column, text))
                return;
            var written = table == "parcels" ? _parcels.AddBroken(delivery.Parcel, column, text) : _deliveries.AddBroken(_all.AsOf(delivery, _today), column, text);
            if (written)
                _log.Add(new(_date, ChangeKind.Dirty, table, delivery.Parcel.Id, column, text));
        }

        private void Corrections()
        {
            var day = _today - CorrectedAfter;
            if (day < 0 || _rates.Corrections == 0)
                return;
            foreach (var delivery in _all.Corrected(day, _today))
            {
                _cancel.ThrowIfCancellationRequested();
                if (_all.CorrectionOf(delivery, _today) is not { } distance)
                    continue;
                _deliveries.Add(_all.AsOf(delivery, _today));
                _log.Add(new(_date, ChangeKind.Corrected, "deliveries", delivery.Parcel.Id, "distance_km", distance.ToString("F1", CultureInfo.InvariantCulture)));
            }
        }

        private void People()
        {
            var people = _simulation.Customers;
            foreach (var index in people.LeftOn(_today))
            {
                // who joins and leaves on one day comes once
                if (index >= people.JoinedBy(_today - 1))
                    continue;
                _customers.Add(people.Get(index, _today + 1));
                _log.Count(ChangeKind.Updated, "customers");
            }
            for (var index = people.JoinedBy(_today - 1); index < people.JoinedBy(_today); index++)
            {
                _customers.Add(people.Get(index, _today + 1));
                _log.Count(ChangeKind.New, "customers");
            }
        }

        private void PutBoth(Delivery delivery, ChangeKind kind)
        {
            _parcels.Add(delivery.Parcel);
            Put(delivery, kind);
            _all.Follow(delivery, _simulation.Calendar.DayOf(delivery.Parcel.Index), _today);
        }

        private void Put(Delivery delivery, ChangeKind kind)
        {
            _deliveries.Add(_all.AsOf(delivery, _today));
            if (kind != ChangeKind.Late)
                _log.Count(kind, "deliveries");
        }
    }

    private long Seed => plan.Seed;

    private DayRates DayOf(int number) => days[number - 1];
}
