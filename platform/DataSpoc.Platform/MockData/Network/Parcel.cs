namespace DataSpoc.Platform.MockData.Network;

/// <summary>A parcel as it was handed in.</summary>
/// <param name="Id">1, 2, … in the order of pick-up.</param>
/// <param name="CreatedAt">When it was handed in, UTC.</param>
/// <param name="Origin">Where.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="Service"><c>express</c>, <c>standard</c> or <c>economy</c>.</param>
/// <param name="Size"><c>S</c>, <c>M</c>, <c>L</c>, <c>XL</c>.</param>
/// <param name="WeightGrams">Null where nobody weighed it.</param>
/// <param name="Fragile">To be handled with care.</param>
/// <param name="InsuredCents">Insured value, null without insurance.</param>
/// <param name="CustomerId">Who sends it; null for somebody without an account.</param>
internal sealed record Parcel(long Id, DateTime CreatedAt, Location Origin, Location Destination, string Service, string Size, int? WeightGrams, bool Fragile, long? InsuredCents, long? CustomerId)
{
    /// <summary>From 0.</summary>
    public long Index => Id - 1;
}

/// <summary>A parcel's way from pick-up to delivery.</summary>
/// <param name="Parcel">The parcel.</param>
/// <param name="Courier">For example <c>C-00042</c>.</param>
/// <param name="PickedUpAt">UTC.</param>
/// <param name="PromisedAt">UTC.</param>
/// <param name="DeliveredAt">UTC, null while on its way.</param>
/// <param name="DistanceKm">By road, one decimal.</param>
/// <param name="Weather">At the origin at pick-up, null where no station reported.</param>
/// <param name="Late">Delivered after it was promised; null while on its way.</param>
internal sealed record Delivery(Parcel Parcel, string Courier, DateTime PickedUpAt, DateTime PromisedAt, DateTime? DeliveredAt, double DistanceKm, Weather? Weather, bool? Late)
{
    /// <summary>What was known of it at a moment.</summary>
    public Delivery AsOf(DateTime now) => DeliveredAt > now ? this with { DeliveredAt = null, Late = null } : this;
}
