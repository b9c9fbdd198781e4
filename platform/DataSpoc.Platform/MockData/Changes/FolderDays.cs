using DataSpoc.Contracts;
using DataSpoc.Platform.MockData.Sinks;

namespace DataSpoc.Platform.MockData.Changes;

/// <summary>Days as files of a folder, entered in <c>mock.json</c> when they are whole.</summary>
internal sealed class FolderDays(string folder) : IDayTarget
{
    public MockFolder Add(MockFolder before, SimulatedDays simulation, int number, DayRates rates, CancellationToken cancel)
    {
        try
        {
            var day = simulation.Date(number);
            using var changes = new ChangeFile(folder, day);
            var log = new ChangeLog(changes.Add);
            using (var sink = new FileSink(folder, before.Format ?? MockFormat.Csv, $"-{day:yyyy-MM-dd}", cancel))
            {
                simulation.Write(number, sink, log, cancel);
                sink.Complete();
            }
            changes.Complete();
            var after = before.With(day, rates, log);
            after.Write(folder);
            return after;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"mock data cannot be written: {cannot.Message}", cannot) { Where = [("folder", folder)], Hint = "free space, or see who may write there; what is in mock.json is whole" };
        }
    }
}
