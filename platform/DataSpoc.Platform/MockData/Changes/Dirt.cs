using DataSpoc.Platform.MockData.Network;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>What is written in a broken record instead of a cell's value: never something that the column's type could hold.</summary>
internal static class Dirt
{
    private static readonly (string Table, string Column, string Text)[] Kinds =
    [
        ("deliveries", "picked_up_at", "yesterday"),
        ("deliveries", "distance_km", "3,5 km"),
        ("deliveries", "late", "perhaps"),
        ("deliveries", "temperature", "mild"),
        ("deliveries", "promised_at", "2026-13-45T27:00:00Z"),
        ("parcels", "created_at", "31/02/2026"),
        ("parcels", "weight_kg", "heavy"),
        ("parcels", "insured_value", "EUR 12"),
        ("parcels", "fragile", "a little"),
    ];

    /// <summary>How a parcel's broken copy is broken, or null where it has none.</summary>
    public static (string Table, string Column, string Text)? Of(long seed, long parcel, double share)
    {
        var draws = new Draws(seed, Aspect.Dirt, parcel);
        return draws.Chance(share) ? Kinds[draws.Next(Kinds.Length)] : null;
    }
}
