namespace DataSpoc.Platform.MockData.Changes;

/// <summary>What goes wrong on purpose on a simulated day.</summary>
/// <param name="Late">The share of the day's parcels that arrive one to three days later.</param>
/// <param name="Corrections">The share of the deliveries picked up five days before whose distance is corrected.</param>
/// <param name="Dirty">The share of the day's parcels of which a broken copy comes too.</param>
/// <param name="Columns">How many of <see cref="LaterColumns"/> there are by then.</param>
internal sealed record DayRates(double Late, double Corrections, double Dirty, int Columns);
