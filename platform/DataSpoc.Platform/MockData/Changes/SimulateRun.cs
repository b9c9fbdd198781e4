using DataSpoc.Contracts;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>Adds days; each is whole before the next begins.</summary>
internal sealed class SimulateRun(IDayTarget target, MockFolder mock, Mishaps mishaps)
{
    /// <summary>What is there afterwards.</summary>
    /// <param name="days">How many more.</param>
    /// <param name="whole">Told after each day how many there are.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UserError">A day is not taken.</exception>
    public MockFolder Write(int days, Action<int> whole, CancellationToken cancel)
    {
        var rates = mock.Simulated.Select(static d => d.Rates).ToList();
        for (var i = 0; i < days; i++)
            rates.Add(mishaps.On(rates.Count + 1, rates.Count == 0 ? 0 : rates[^1].Columns));
        var simulation = new SimulatedDays(mock.Plan, rates);
        var after = mock;
        for (var number = mock.Simulated.Count + 1; number <= rates.Count; number++)
        {
            after = target.Add(after, simulation, number, rates[number - 1], cancel);
            whole(after.Simulated.Count);
        }
        return after;
    }
}
