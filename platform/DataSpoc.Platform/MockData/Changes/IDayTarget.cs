using DataSpoc.Contracts;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>What days are added to: a folder or a database.</summary>
internal interface IDayTarget
{
    /// <summary>Writes one day whole, or nothing of it.</summary>
    /// <param name="before">What is there.</param>
    /// <param name="simulation">Makes the day.</param>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="rates">What goes wrong on it.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>What is there afterwards.</returns>
    /// <exception cref="UserError">It is not taken.</exception>
    MockFolder Add(MockFolder before, SimulatedDays simulation, int number, DayRates rates, CancellationToken cancel);
}
