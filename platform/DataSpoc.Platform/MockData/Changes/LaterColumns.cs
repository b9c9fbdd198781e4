using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Tables;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>The columns that the source gets one after the other.</summary>
internal sealed class LaterColumns(long seed)
{
    /// <summary>Their tables and names, in the order in which they come.</summary>
    public static IReadOnlyList<(string Table, string Column)> InOrder { get; } = [("deliveries", "proof"), ("parcels", "co2_grams"), ("deliveries", "attempts")];

    /// <summary>What parcels have by then.</summary>
    public static IReadOnlyList<LaterColumn<Parcel>> OfParcels(int columns) => columns < 2 ? [] :
        [new(new("co2_grams", "integer"), static (parcel, cells) => cells.WriteWhole((long)Math.Round(parcel.Origin.DistanceTo(parcel.Destination) * 11)))];

    /// <summary>What deliveries have by then.</summary>
    public IReadOnlyList<LaterColumn<Delivery>> OfDeliveries(int columns)
    {
        LaterColumn<Delivery> proof = new(new("proof", "string", Nullable: true), (delivery, cells) => cells.WriteOptional(Proof(delivery)));
        LaterColumn<Delivery> attempts = new(new("attempts", "integer", Nullable: true), (delivery, cells) => cells.WriteWhole(Attempts(delivery)));
        return columns < 1 ? [] : columns < 3 ? [proof] : [proof, attempts];
    }

    /// <summary>What the tables look like by then.</summary>
    public IEnumerable<TableShape> Shapes(int columns) => MockTables.All.Select(shape => shape.Name switch
    {
        "parcels" => MockTables.Parcels.With(OfParcels(columns)).Shape,
        "deliveries" => MockTables.Deliveries.With(OfDeliveries(columns)).Shape,
        _ => shape,
    });

    private string? Proof(Delivery delivery)
    {
        if (delivery.DeliveredAt is null)
            return null;
        var share = new Draws(seed, Aspect.Proof, delivery.Parcel.Id).Next();
        return share < 0.5 ? "photo" : share < 0.8 ? "signature" : "pin";
    }

    private long? Attempts(Delivery delivery)
    {
        var share = new Draws(seed, Aspect.Proof, delivery.Parcel.Id, 1).Next();
        return delivery.DeliveredAt is null ? null : delivery.Late == true && share < 0.4 ? 2 : 1;
    }
}
