using System.Globalization;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Platform.MockData;

/// <summary>A column as a Singer SCHEMA and a file know it.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="JsonType">JSON Schema's type: <c>integer</c>, <c>number</c>, <c>string</c>, <c>boolean</c>.</param>
/// <param name="Nullable">Whether it may be null.</param>
/// <param name="Format">JSON Schema's format: <c>date-time</c>, <c>date</c>, or null.</param>
internal sealed record MockColumn(string Name, string JsonType, bool Nullable = false, string? Format = null)
{
    public RowColumn ForRows => new(Name, JsonType switch
    {
        "integer" or "number" => RowColumnKind.Number,
        "boolean" => RowColumnKind.Boolean,
        _ => Format is null ? RowColumnKind.Text : RowColumnKind.Temporal,
    });
}

/// <summary>A table of the network and how its rows are written.</summary>
/// <param name="Name">For example <c>parcels</c>.</param>
/// <param name="Key">Its primary key.</param>
/// <param name="Columns">In order.</param>
/// <param name="Write">Writes a row's cells, in the columns' order, without ending the row.</param>
internal sealed record MockTable<T>(string Name, string Key, IReadOnlyList<MockColumn> Columns, Action<T, IRowWriter> Write);

/// <summary>The tables.</summary>
internal static class MockTables
{
    public static MockTable<Location> Locations { get; } = new(
        "locations",
        "location_id",
        [
            new("location_id", "integer"), new("name", "string"), new("city", "string"), new("kind", "string"), new("latitude", "number"), new("longitude", "number"),
            new("capacity", "integer"), new("open_at_night", "boolean"), new("opened_on", "string", Format: "date"),
        ],
        static (location, row) =>
        {
            row.WriteInt64(location.Id);
            row.WriteString(location.Name);
            row.WriteString(location.City.Name);
            row.WriteString(location.Kind);
            row.WriteDecimal(location.Latitude, 5);
            row.WriteDecimal(location.Longitude, 5);
            row.WriteInt64(location.Capacity);
            row.WriteBoolean(location.OpenAtNight);
            row.WriteString(location.OpenedOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        });

    public static MockTable<Parcel> Parcels { get; } = new(
        "parcels",
        "parcel_id",
        [
            new("parcel_id", "integer"), new("created_at", "string", Format: "date-time"), new("origin_id", "integer"), new("destination_id", "integer"),
            new("service", "string"), new("size", "string"), new("weight_kg", "number", Nullable: true), new("fragile", "boolean"), new("insured_value", "number", Nullable: true),
        ],
        static (parcel, row) =>
        {
            row.WriteInt64(parcel.Id);
            row.WriteTime(parcel.CreatedAt);
            row.WriteInt64(parcel.Origin.Id);
            row.WriteInt64(parcel.Destination.Id);
            row.WriteString(parcel.Service);
            row.WriteString(parcel.Size);
            row.WriteDecimal(parcel.WeightGrams / 1000.0, 3);
            row.WriteBoolean(parcel.Fragile);
            row.WriteDecimal(parcel.InsuredCents / 100.0, 2);
        });

    public static MockTable<Delivery> Deliveries { get; } = new(
        "deliveries",
        "delivery_id",
        [
            new("delivery_id", "integer"), new("parcel_id", "integer"), new("courier", "string"), new("picked_up_at", "string", Format: "date-time"),
            new("promised_at", "string", Format: "date-time"), new("delivered_at", "string", Nullable: true, Format: "date-time"), new("distance_km", "number"),
            new("weather", "string", Nullable: true), new("temperature", "number", Nullable: true), new("late", "boolean", Nullable: true),
        ],
        static (delivery, row) =>
        {
            row.WriteInt64(delivery.Parcel.Id);
            row.WriteInt64(delivery.Parcel.Id);
            row.WriteString(delivery.Courier);
            row.WriteTime(delivery.PickedUpAt);
            row.WriteTime(delivery.PromisedAt);
            row.WriteTime(delivery.DeliveredAt);
            row.WriteDecimal(delivery.DistanceKm, 1);
            row.WriteString(delivery.Weather?.Sky);
            row.WriteDecimal(delivery.Weather?.Temperature, 1);
            if (delivery.Late is { } late)
                row.WriteBoolean(late);
            else
                row.WriteNull();
        });

    private static void WriteTime(this IRowWriter row, DateTime? time)
    {
        if (time is not { } value)
        {
            row.WriteNull();
            return;
        }
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        row.WriteString(text[..length]);
    }

    private static void WriteDecimal(this IRowWriter row, double? number, int digits)
    {
        if (number is not { } value)
        {
            row.WriteNull();
            return;
        }
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, digits switch { 1 => "F1", 2 => "F2", 3 => "F3", _ => "F5" }, CultureInfo.InvariantCulture);
        row.WriteNumber(text[..length]);
    }
}
