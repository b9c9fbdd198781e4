using System.CommandLine;
using System.Globalization;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Platform.MockData.Changes;
using DataSpoc.Platform.MockData.Sinks;

namespace DataSpoc.Platform.MockData;

/// <summary><c>platform mock simulate</c>: more days of a folder's network.</summary>
internal static class SimulateCommand
{
    public static ToolCommand Create()
    {
        var rates = new RateOptions();
        var days = new Option<int>("--days") { Description = "Days to add (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
        var folder = new Option<string>("--out") { Description = "The folder that `platform mock` wrote (default: ./mock)", HelpName = "DIR", DefaultValueFactory = static _ => "mock" };
        var command = new ToolCommand("simulate", "Add days to mock data, with all that goes wrong in real life")
        {
            Example = "platform mock simulate --days 7 --out ./mock",
            Details = """
                Each day gets files of its own, such as `deliveries-2026-11-01.csv`: what is new, what has come on, and on purpose rows
                that arrive days late, corrections of older rows, records that no column can hold, and new columns. `mock.json` counts
                them per day, `changes-2026-11-01.ndjson` names each one. The same seed, days and shares give the same bytes, and a
                second run goes on where the first ended.
                """,
            Handler = context => RunAsync(context, context.Environment.FullPath(context.Value(folder)!), context.Value(days), rates),
        };
        command.Add(days);
        command.Add(folder);
        rates.AddTo(command);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string folder, int days, RateOptions options)
    {
        if (days is < 1 or > 3650)
            throw new UserError($"`--days {days}` is not from 1 to 3650") { ExitCode = ExitCode.Usage };
        var mishaps = options.Of(context);
        var mock = MockFolder.Read(folder);
        if (mock.Format == MockFormat.Parquet)
        {
            if (options.AsksForDirt(context))
                throw new UserError("a Parquet file has types, so it cannot hold a broken record") { Where = [("option", "--dirty")], Hint = "leave `--dirty` out, or make the mock data with `--format csv`", ExitCode = ExitCode.Usage };
            mishaps = mishaps with { Dirty = 0 };
        }
        if (mock.Simulated.Count + days > 3650)
            throw new UserError($"{mock.Simulated.Count} days are simulated already, and more than 3650 are too many") { Where = [("folder", folder)], ExitCode = ExitCode.Usage };

        var written = mock.Simulated.Count;
        context.WhenInterrupted(() => $"{written - mock.Simulated.Count} of {days} days are whole; run again to go on");
        using var progress = context.Progress.Begin("simulate", "days", days);
        var after = await Task.Run(() => new SimulateRun(folder, mock, mishaps).Write(days, count =>
        {
            written = count;
            progress.Advance(1);
        }, context.Cancel), context.Cancel);
        progress.Done();
        Show(context, [.. after.Simulated.Skip(mock.Simulated.Count)]);
        return ExitCode.Done;
    }

    private static void Show(CommandContext context, IReadOnlyList<SimulatedDay> days)
    {
        using var rows = context.Rows([new("kind"), new("table"), new("rows", RowColumnKind.Number)]);
        foreach (var kind in Enum.GetValues<ChangeKind>().Select(RunOfDay.NameOf))
        {
            foreach (var table in days.SelectMany(d => d.Rows.GetValueOrDefault(kind)?.Keys ?? []).Distinct().Order(StringComparer.Ordinal))
                rows.WriteRow(kind, table, days.Sum(d => d.Rows.GetValueOrDefault(kind)?.GetValueOrDefault(table) ?? 0));
        }
        rows.Complete();
        context.Messages.Success(string.Create(CultureInfo.InvariantCulture, $"{(days.Count == 1 ? "1 day" : $"{days.Count} days")} simulated, {days[0].Day:yyyy-MM-dd}{(days.Count == 1 ? "" : $" to {days[^1].Day:yyyy-MM-dd}")}"));
    }
}
