using System.CommandLine;
using System.Text.Json;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;

namespace DataSpoc.Platform.MockData;

/// <summary><c>platform mock tap</c>: the same network as a Singer tap.</summary>
internal static class TapCommand
{
    public static ToolCommand Create()
    {
        var options = new MockOptions();
        var state = new Option<string?>("--state") { Description = "A Singer STATE file: parcels up to its bookmark are left out", HelpName = "FILE" };
        var command = new ToolCommand("tap", "Write the same data to stdout as a Singer tap does")
        {
            Example = "platform mock tap --rows 50000 | pipe ingest - --source parcels --to file:///data/lake",
            Details = "SCHEMA, RECORD and STATE messages of the streams locations, parcels and deliveries, one JSON object per line.",
            Handler = context => RunAsync(context, options.Plan(context), context.Value(state)),
        };
        options.AddTo(command);
        command.Add(state);
        return command;
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, NetworkPlan plan, string? state)
    {
        var after = state is null ? 0 : await BookmarkAsync(context.Environment.FullPath(state), context.Cancel);
        context.WhenInterrupted(static () => "what was written to stdout stands");
        using var progress = context.Progress.Begin("tap", "parcels", plan.Parcels);
        await Task.Run(() => new SingerTap(context.Environment.StandardOutput, plan).Write(after, progress, context.Cancel), context.Cancel);
        progress.Done();
        return ExitCode.Done;
    }

    private static async Task<long> BookmarkAsync(string path, CancellationToken cancel)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancel));
            var state = document.RootElement;
            return state.ValueKind == JsonValueKind.Object && state.TryGetProperty("bookmarks", out var bookmarks) && bookmarks.TryGetProperty("deliveries", out var deliveries)
                ? deliveries.GetProperty("delivery_id").GetInt64()
                : 0;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UserError("the state is not one that this tap wrote", wrong) { Where = [("file", path)], Hint = """write {"bookmarks":{"deliveries":{"delivery_id":1000}}}, or leave `--state` out""", ExitCode = ExitCode.Usage };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"the state cannot be read: {unreadable.Message}", unreadable) { Where = [("file", path)], ExitCode = ExitCode.Usage };
        }
    }
}
