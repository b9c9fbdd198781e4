using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;

namespace DataSpoc.Platform.MockData;

/// <summary><c>platform mock</c>: files of a parcel network.</summary>
internal static class MockCommand
{
    public static ToolCommand Create()
    {
        var options = new MockOptions();
        var folder = new Option<string>("--out") { Description = "The folder to write to (default: ./mock)", HelpName = "DIR", DefaultValueFactory = static _ => "mock" };
        var format = new Option<MockFormat>("--format") { Description = "csv or ndjson (default: csv)", HelpName = "FORMAT" };
        var command = new ToolCommand("mock", "Make the data of a parcel network: locations, parcels, deliveries")
        {
            Example = "platform mock --rows 50000 --seed 7 --out ./mock",
            Details = """
                Writes locations, parcels and deliveries, one file each. Parcels are late for reasons that stand in the
                data (distance, weekday and hour, weather, the load of the location they leave from) and for some that do
                not, so a model can learn to predict them, though not perfectly. Parcels of the last days are still on
                their way: `delivered_at` and `late` are empty there. Times are UTC.
                """,
            Handler = context => RunAsync(context, options.Plan(context), context.Environment.FullPath(context.Value(folder)!), context.Value(format)),
        };
        options.AddTo(command);
        command.Add(folder);
        command.Add(format);
        command.Add(TapCommand.Create());
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, NetworkPlan plan, string folder, MockFormat format)
    {
        context.WhenInterrupted(static () => "the files of this run are gone, older ones are as they were");
        using var progress = context.Progress.Begin("mock", "parcels", plan.Parcels);
        var output = format == MockFormat.Csv ? OutputFormat.Csv : OutputFormat.Ndjson;
        var files = await Task.Run(() => new MockFiles(folder, output).Write(plan, progress, context.Cancel), context.Cancel);
        progress.Done();
        using var rows = context.Rows([new("file"), new("rows", RowColumnKind.Number), new("bytes", RowColumnKind.Number)]);
        foreach (var file in files)
            rows.WriteRow(Shown(context.Environment.WorkingFolder, file.Path), file.Rows, file.Bytes);
        rows.Complete();
        return ExitCode.Done;
    }

    private static string Shown(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}

/// <summary>The formats of mock files.</summary>
internal enum MockFormat
{
    Csv,
    Ndjson,
}
