using System.CommandLine;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Platform.MockData.Changes;

namespace DataSpoc.Platform.MockData.Singer;

/// <summary><c>platform mock tap</c>: the same network as a Singer tap.</summary>
internal static class TapCommand
{
    public static ToolCommand Create()
    {
        var options = new MockOptions();
        var config = File("--config", "A Singer configuration: rows, seed, days, until, simulate_days and more");
        var catalog = new Option<string?>("--catalog", "--properties") { Description = "A Singer catalog: only the streams and columns that it selects", HelpName = "FILE" };
        var state = File("--state", "A Singer STATE: what was handed over before is left out");
        var discover = new Option<bool>("--discover") { Description = "Print the catalog and end" };
        var command = new ToolCommand("tap", "Write the same data to stdout as a Singer tap does")
        {
            Example = "platform mock tap --rows 50000 | pipe ingest - --source parcels --to file:///data/lake",
            Details = """
                SCHEMA, RECORD and STATE messages of the streams locations, customers, parcels, deliveries and occupancy, one JSON object per
                line. With `simulate_days` in the configuration come the days that `platform mock simulate` would add, one after the other;
                a run with the STATE of the last one brings only what is new since.
                Options given on the command line count more than the configuration.
                """,
            Handler = async context => context.Value(discover)
                ? Discover(context)
                : await RunAsync(context, options, context.Value(config), context.Value(catalog), context.Value(state)),
        };
        options.AddTo(command);
        command.Add(config);
        command.Add(catalog);
        command.Add(state);
        command.Add(discover);
        return command;
    }

    private static ExitCode Discover(CommandContext context)
    {
        context.Out.WriteLine(JsonSchemas.Catalog(LaterColumns.InOrder.Count).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return ExitCode.Done;
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, MockOptions options, string? config, string? catalog, string? state)
    {
        var settings = config is null ? TapSettings.None : TapSettings.Of(await ReadAsync(context, config, "configuration"), config);
        var plan = options.Plan(context, settings.Plan);
        var selection = catalog is null ? CatalogSelection.All : CatalogSelection.Of(await ReadAsync(context, catalog, "catalog"), catalog);
        var bookmarks = state is null ? new Bookmarks(plan) : Bookmarks.Read(await ReadAsync(context, state, "state"), plan, state);
        context.WhenInterrupted(static () => "what was written to stdout stands");
        using var progress = context.Progress.Begin("tap", "parcels", plan.Parcels);
        await Task.Run(() => new TapRun(plan, settings, selection, bookmarks).Write(context.Environment.StandardOutput, progress, context.Cancel), context.Cancel);
        progress.Done();
        return ExitCode.Done;
    }

    private static Task<System.Text.Json.Nodes.JsonObject> ReadAsync(CommandContext context, string path, string what) =>
        TapFile.ReadAsync(context.Environment.FullPath(path), what, context.Cancel);

    private static Option<string?> File(string name, string what) => new(name) { Description = what, HelpName = "FILE" };
}
