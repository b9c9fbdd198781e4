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
        var database = new Option<string?>("--to") { Description = "A PostgreSQL database that `platform mock --to` filled instead: postgres://user@host:5432/name, password by PGPASSWORD", HelpName = "ADDRESS" };
        var changes = new Option<string?>("--changes") { Description = "With `--to`: a folder for the files that name each late and corrected row", HelpName = "DIR" };
        var command = new ToolCommand("simulate", "Add days to mock data, with all that goes wrong in real life")
        {
            Example = "platform mock simulate --days 7 --out ./mock\nplatform mock simulate --days 7 --to postgres://ann@db.example/shop --changes ./changes",
            Details = """
                Each day gets files of its own, such as `deliveries-2026-11-01.csv`: what is new, what has come on, and on purpose rows
                that arrive days late, corrections of older rows, records that no column can hold, and new columns. `mock.json` counts
                them per day, `changes-2026-11-01.ndjson` names each one. The same seed, days and shares give the same bytes, and a
                second run goes on where the first ended.
                In a database each day is one transaction: rows are inserted or put in their place by key, columns are added by ALTER
                TABLE. Its columns have types, so it gets no broken records.
                """,
            Handler = context => RunAsync(context, Target(context, folder, database, changes), context.Value(days), rates),
        };
        command.Add(days);
        command.Add(folder);
        command.Add(database);
        command.Add(changes);
        rates.AddTo(command);
        return command;
    }

    private static (IDayTarget Target, string Place, Func<CancellationToken, MockFolder> Read) Target(CommandContext context, Option<string> folder, Option<string?> database, Option<string?> changes)
    {
        if (context.Value(database) is not { } address)
        {
            if (context.Given(changes))
                throw new UserError("`--changes` is for a database; a folder has these files in any case") { Hint = "leave it out, or name a database with `--to`", ExitCode = ExitCode.Usage };
            var path = context.Environment.FullPath(context.Value(folder)!);
            return (new FolderDays(path), path, _ => MockFolder.Read(path));
        }
        if (context.Given(folder))
            throw new UserError("`--out` is for files, `--to` for a database") { Hint = "give one of them", ExitCode = ExitCode.Usage };
        var target = PostgresTarget.Parse(address, context.Environment.Variable);
        var days = new DatabaseDays(target, context.Value(changes) is { } named ? context.Environment.FullPath(named) : null);
        return (days, target.Address(), days.Read);
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, (IDayTarget Target, string Place, Func<CancellationToken, MockFolder> Read) to, int days, RateOptions options)
    {
        if (days is < 1 or > 3650)
            throw new UserError($"`--days {days}` is not from 1 to 3650") { ExitCode = ExitCode.Usage };
        var mishaps = options.Of(context);
        var mock = await Task.Run(() => to.Read(context.Cancel), context.Cancel);
        if (mock.Format is null or MockFormat.Parquet)
        {
            if (options.AsksForDirt(context))
                throw new UserError(mock.Format is null ? "the columns of a database have types, so they cannot hold a broken record" : "a Parquet file has types, so it cannot hold a broken record")
                {
                    Where = [("option", "--dirty"), ("not held", "text in a number, a time or a flag; a day that no calendar has")],
                    Hint = "leave `--dirty` out, or make the mock data with `--format csv`",
                    ExitCode = ExitCode.Usage,
                };
            mishaps = mishaps with { Dirty = 0 };
        }
        if (mock.Simulated.Count + days > 3650)
            throw new UserError($"{mock.Simulated.Count} days are simulated already, and more than 3650 are too many") { Where = [(mock.Format is null ? "database" : "folder", to.Place)], ExitCode = ExitCode.Usage };

        var written = mock.Simulated.Count;
        context.WhenInterrupted(() => $"{written - mock.Simulated.Count} of {days} days are whole; run again to go on");
        using var progress = context.Progress.Begin("simulate", "days", days);
        var after = await Task.Run(() => new SimulateRun(to.Target, mock, mishaps).Write(days, count =>
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
        foreach (var kind in Enum.GetValues<ChangeKind>().Select(static kind => kind.Name()))
        {
            foreach (var table in days.SelectMany(d => d.Rows.GetValueOrDefault(kind)?.Keys ?? []).Distinct().Order(StringComparer.Ordinal))
                rows.WriteRow(kind, table, days.Sum(d => d.Rows.GetValueOrDefault(kind)?.GetValueOrDefault(table) ?? 0));
        }
        rows.Complete();
        context.Messages.Success(string.Create(CultureInfo.InvariantCulture, $"{(days.Count == 1 ? "1 day" : $"{days.Count} days")} simulated, {days[0].Day:yyyy-MM-dd}{(days.Count == 1 ? "" : $" to {days[^1].Day:yyyy-MM-dd}")}"));
    }
}
