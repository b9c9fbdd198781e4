using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Platform.MockData.Changes;
using DataSpoc.Platform.MockData.Network;
using DataSpoc.Platform.MockData.Singer;
using DataSpoc.Platform.MockData.Sinks;
using Npgsql;

namespace DataSpoc.Platform.MockData;

/// <summary><c>platform mock</c>: files or database tables of a parcel network.</summary>
internal static class MockCommand
{
    public static ToolCommand Create()
    {
        var options = new MockOptions();
        var folder = new Option<string>("--out") { Description = "The folder to write to (default: ./mock)", HelpName = "DIR", DefaultValueFactory = static _ => "mock" };
        var format = new Option<MockFormat>("--format") { Description = "csv, ndjson or parquet (default: csv)", HelpName = "FORMAT" };
        var database = new Option<string?>("--to") { Description = "A PostgreSQL database instead: postgres://user@host:5432/name, password by PGPASSWORD", HelpName = "ADDRESS" };
        var replace = new Option<bool>("--replace") { Description = "With `--to`: drop tables of the same names first" };
        var command = new ToolCommand("mock", "Make the data of a parcel network: locations, customers, parcels, deliveries, occupancy")
        {
            Example = "platform mock --rows 50000 --seed 7 --out ./mock",
            Details = """
                Writes locations, customers, parcels, deliveries and occupancy, a file or a PostgreSQL table each. Parcels are late for
                reasons that stand in the data (distance, weekday and hour, weather, the load of the location they leave from) and for
                some that do not; customers leave because of late parcels, their contract and their kind. So a model can learn to predict
                both, though not perfectly. Parcels of the last days are still on their way: `delivered_at` and `late` are empty there.
                Times are UTC. `platform mock simulate` adds days.
                """,
            Handler = context => context.Given(database)
                ? ToDatabaseAsync(context, options.Plan(context), Target(context, database, folder, format), context.Value(replace))
                : ToFilesAsync(context, options.Plan(context), context.Environment.FullPath(context.Value(folder)!), context.Value(format), context.Given(replace)),
        };
        options.AddTo(command);
        command.Add(folder);
        command.Add(format);
        command.Add(database);
        command.Add(replace);
        command.Add(TapCommand.Create());
        command.Add(SimulateCommand.Create());
        return command;
    }

    private static async Task<ExitCode> ToFilesAsync(CommandContext context, NetworkPlan plan, string folder, MockFormat format, bool replaces)
    {
        if (replaces)
            throw new UserError("`--replace` is for tables of a database; files are always replaced") { Hint = "leave it out, or name a database with `--to`", ExitCode = ExitCode.Usage };
        context.WhenInterrupted(static () => "the files of this run are gone, older ones are as they were");
        using var progress = context.Progress.Begin("mock", "parcels", plan.Parcels);
        var files = await Task.Run(() => WriteFiles(plan, folder, format, progress, context.Cancel), context.Cancel);
        progress.Done();
        using var rows = context.Rows([new("file"), new("rows", RowColumnKind.Number), new("bytes", RowColumnKind.Number)]);
        foreach (var file in files)
            rows.WriteRow(Shown(context.Environment.WorkingFolder, file.Path), file.Rows, file.Bytes);
        rows.Complete();
        return ExitCode.Done;
    }

    private static IReadOnlyList<WrittenFile> WriteFiles(NetworkPlan plan, string folder, MockFormat format, ProgressLine progress, CancellationToken cancel)
    {
        try
        {
            using var sink = new FileSink(folder, format, "", cancel);
            new BaseNetwork(plan).Write(sink, 0, progress, cancel);
            // the days that were simulated go on from another base than this one
            var files = sink.Complete(() => MockFolder.DeleteSimulated(folder));
            MockFolder.Of(plan, format).Write(folder);
            return files;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"mock data cannot be written: {cannot.Message}", cannot) { Where = [("folder", folder)], Hint = "name another folder with `--out`, or free space" };
        }
    }

    private static async Task<ExitCode> ToDatabaseAsync(CommandContext context, NetworkPlan plan, NpgsqlConnectionStringBuilder target, bool replaces)
    {
        context.WhenInterrupted(static () => "nothing was changed in the database");
        // parcels, deliveries and occupancy each take a turn of their own
        using var progress = context.Progress.Begin("mock", "parcels", plan.Parcels * 3);
        var tables = await Task.Run(() => new PostgresSink(target, replaces).Write(plan, progress, context.Cancel), context.Cancel);
        progress.Done();
        using var rows = context.Rows([new("table"), new("rows", RowColumnKind.Number)]);
        foreach (var table in tables)
            rows.WriteRow(table.Table, table.Rows);
        rows.Complete();
        return ExitCode.Done;
    }

    private static NpgsqlConnectionStringBuilder Target(CommandContext context, Option<string?> database, params Option[] ofFiles) =>
        ofFiles.FirstOrDefault(context.Given) is { } given
            ? throw new UserError($"`{given.Name}` is for files, `--to` for a database") { Hint = "give one of them", ExitCode = ExitCode.Usage }
            : PostgresTarget.Parse(context.Value(database)!, context.Environment.Variable);

    private static string Shown(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
