using DataSpoc.Contracts;
using DataSpoc.Platform.MockData.Sinks;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>Writes days into a folder; each is whole, with its entry in <c>mock.json</c>, before the next begins.</summary>
internal sealed class SimulateRun(string folder, MockFolder mock, Mishaps mishaps)
{
    /// <summary>The folder afterwards.</summary>
    /// <param name="days">How many more.</param>
    /// <param name="whole">Told after each day how many there are.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="UserError">A file cannot be written.</exception>
    public MockFolder Write(int days, Action<int> whole, CancellationToken cancel)
    {
        var rates = mock.Simulated.Select(static d => d.Rates).ToList();
        for (var i = 0; i < days; i++)
            rates.Add(mishaps.On(rates.Count + 1, rates.Count == 0 ? 0 : rates[^1].Columns));
        var simulation = new SimulatedDays(mock.Plan, rates);
        var after = mock;
        try
        {
            for (var number = mock.Simulated.Count + 1; number <= rates.Count; number++)
            {
                after = after with { Simulated = [.. after.Simulated, new RunOfDay(folder, mock.Format, simulation.Date(number)).Write(simulation, number, rates[number - 1], cancel)] };
                after.Write(folder);
                whole(after.Simulated.Count);
            }
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"mock data cannot be written: {cannot.Message}", cannot) { Where = [("folder", folder)], Hint = "free space, or see who may write there; what is in mock.json is whole" };
        }
        return after;
    }
}

/// <summary>One day's files.</summary>
internal sealed class RunOfDay(string folder, MockFormat format, DateOnly day)
{
    public static string NameOf(ChangeKind kind) => kind switch
    {
        ChangeKind.New => "new",
        ChangeKind.Updated => "updated",
        ChangeKind.Late => "late",
        ChangeKind.Corrected => "corrected",
        ChangeKind.Dirty => "dirty",
        ChangeKind.NewColumn => "new_column",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public SimulatedDay Write(SimulatedDays simulation, int number, DayRates rates, CancellationToken cancel)
    {
        using var changes = new ChangeFile(folder, day);
        var log = new ChangeLog(changes.Add);
        using (var sink = new FileSink(folder, format, $"-{day:yyyy-MM-dd}", cancel))
        {
            simulation.Write(number, sink, log, cancel);
            sink.Complete();
        }
        changes.Complete();
        return new(day, rates, log.Rows.GroupBy(static r => NameOf(r.Key.Kind)).ToDictionary(
            static g => g.Key, static IReadOnlyDictionary<string, long> (g) => g.ToDictionary(static r => r.Key.Table, static r => r.Value)));
    }
}
