using DataSpoc.Platform.MockData.Network;

namespace DataSpoc.Platform.MockData.Tables;

/// <summary>The tables.</summary>
internal static class MockTables
{
    public static MockTable<Location> Locations { get; } = new(
        "locations",
        ["location_id"],
        [
            new("location_id", "integer"), new("name", "string"), new("city", "string"), new("kind", "string"), new("latitude", "number", Digits: 5), new("longitude", "number", Digits: 5),
            new("capacity", "integer"), new("open_at_night", "boolean"), new("opened_on", "string", Format: "date"),
        ],
        static (location, row) =>
        {
            row.WriteWhole(location.Id);
            row.WriteText(location.Name);
            row.WriteText(location.City.Name);
            row.WriteText(location.Kind);
            row.WriteNumber(location.Latitude, 5);
            row.WriteNumber(location.Longitude, 5);
            row.WriteWhole(location.Capacity);
            row.WriteFlag(location.OpenAtNight);
            row.WriteDay(location.OpenedOn);
        });

    public static MockTable<Parcel> Parcels { get; } = new(
        "parcels",
        ["parcel_id"],
        [
            new("parcel_id", "integer"), new("created_at", "string", Format: "date-time"), new("origin_id", "integer"), new("destination_id", "integer"),
            new("service", "string"), new("size", "string"), new("weight_kg", "number", Nullable: true, Digits: 3), new("fragile", "boolean"), new("insured_value", "number", Nullable: true, Digits: 2),
            new("customer_id", "integer", Nullable: true),
        ],
        static (parcel, row) =>
        {
            row.WriteWhole(parcel.Id);
            row.WriteTime(parcel.CreatedAt);
            row.WriteWhole(parcel.Origin.Id);
            row.WriteWhole(parcel.Destination.Id);
            row.WriteText(parcel.Service);
            row.WriteText(parcel.Size);
            row.WriteNumber(parcel.WeightGrams / 1000.0, 3);
            row.WriteFlag(parcel.Fragile);
            row.WriteNumber(parcel.InsuredCents / 100.0, 2);
            row.WriteWhole(parcel.CustomerId);
        });

    public static MockTable<Delivery> Deliveries { get; } = new(
        "deliveries",
        ["delivery_id"],
        [
            new("delivery_id", "integer"), new("parcel_id", "integer"), new("courier", "string"), new("picked_up_at", "string", Format: "date-time"),
            new("promised_at", "string", Format: "date-time"), new("delivered_at", "string", Nullable: true, Format: "date-time"), new("distance_km", "number", Digits: 1),
            new("weather", "string", Nullable: true), new("temperature", "number", Nullable: true, Digits: 1), new("late", "boolean", Nullable: true),
        ],
        static (delivery, row) =>
        {
            row.WriteWhole(delivery.Parcel.Id);
            row.WriteWhole(delivery.Parcel.Id);
            row.WriteText(delivery.Courier);
            row.WriteTime(delivery.PickedUpAt);
            row.WriteTime(delivery.PromisedAt);
            row.WriteTime(delivery.DeliveredAt);
            row.WriteNumber(delivery.DistanceKm, 1);
            row.WriteOptional(delivery.Weather?.Sky);
            row.WriteNumber(delivery.Weather?.Temperature, 1);
            row.WriteFlag(delivery.Late);
        });

    public static MockTable<Customer> Customers { get; } = new(
        "customers",
        ["customer_id"],
        [
            new("customer_id", "integer"), new("name", "string"), new("email", "string"), new("segment", "string"), new("city", "string"), new("contract", "string"),
            new("newsletter", "boolean"), new("joined_on", "string", Format: "date"), new("churned_on", "string", Nullable: true, Format: "date"),
        ],
        static (customer, row) =>
        {
            row.WriteWhole(customer.Id);
            row.WriteText(customer.Name);
            row.WriteText(customer.Email);
            row.WriteText(customer.Segment);
            row.WriteText(customer.City.Name);
            row.WriteText(customer.Contract);
            row.WriteFlag(customer.Newsletter);
            row.WriteDay(customer.JoinedOn);
            row.WriteDay(customer.ChurnedOn);
        });

    public static MockTable<Occupancy> Occupancy { get; } = new(
        "occupancy",
        ["location_id", "measured_at"],
        [
            new("location_id", "integer"), new("measured_at", "string", Format: "date-time"), new("waiting", "integer"), new("slots", "integer"), new("occupancy", "number", Digits: 3),
        ],
        static (occupancy, row) =>
        {
            row.WriteWhole(occupancy.LocationId);
            row.WriteTime(occupancy.MeasuredAt);
            row.WriteWhole(occupancy.Waiting);
            row.WriteWhole(occupancy.Slots);
            row.WriteNumber(occupancy.Waiting / (double)occupancy.Slots, 3);
        });

    /// <summary>What they all look like, in the order in which they are written.</summary>
    public static IReadOnlyList<TableShape> All { get; } = [Locations.Shape, Customers.Shape, Parcels.Shape, Deliveries.Shape, Occupancy.Shape];
}
