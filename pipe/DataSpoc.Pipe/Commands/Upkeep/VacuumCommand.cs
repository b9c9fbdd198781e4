using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Maintenance;

namespace DataSpoc.Pipe.Commands.Upkeep;

/// <summary><c>pipe vacuum</c>: deletes what nobody needs any more.</summary>
internal sealed class VacuumCommand(PipeHost host)
{
    private readonly Argument<string[]> _tables = new("table") { Description = "source/table; all of the bucket without one", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _bucket = new("--bucket") { Description = "the bucket: file:///folder or s3://bucket", HelpName = "bucket" };
    private readonly Option<string?> _retention = new("--retention") { Description = "how long replaced files stay for time travel and slow readers; else the table's `history`, or 7d", HelpName = "7d" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "say what would be deleted, and delete nothing" };

    public ToolCommand Create() => new("vacuum", "Delete files that no table needs any more")
    {
        Example = "pipe vacuum --bucket file:///data/lake --dry-run",
        Details = "Files that were replaced before the retention, and what killed runs left a day ago. Never a file of a run in flight",
        Handler = RunAsync,
        Arguments = { _tables },
        Options = { _bucket, _retention, _dryRun },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var store = host.OpenStore(BucketUri.Parse(PipeFile.BucketOf(context, context.Value(_bucket))), new() { Time = context.Time });
        var vacuum = new TableVacuum(store, context.Time.GetUtcNow(), context.Value(_retention) is { } retention ? Retention(retention) : null);
        var dryRun = context.Value(_dryRun);
        using var rows = context.OutputGiven || dryRun ? context.Rows([new("key"), new("bytes", RowColumnKind.Number), new("why")]) : null;
        var (files, bytes) = (0, 0L);
        foreach (var location in await PipeTables.ChosenAsync(store, context.Value(_tables) ?? [], context.Time, context.Cancel))
        {
            var waste = await vacuum.OfTableAsync(location, context.Cancel);
            foreach (var one in waste)
                rows?.WriteRow(one.Key, one.Bytes, one.Why);
            if (!dryRun && waste.Count > 0)
                await store.DeleteAsync([.. waste.Select(one => one.Key)], context.Cancel);
            (files, bytes) = (files + waste.Count, bytes + waste.Sum(one => one.Bytes));
        }
        // what killed runs staged belongs to no table yet
        foreach (var staged in context.Value(_tables) is { Length: > 0 } ? [] : await vacuum.StagedAsync(context.Cancel))
        {
            rows?.WriteRow(staged.Key, staged.Size, "staged by a run that was killed");
            if (!dryRun)
                await store.AbandonAsync(staged, context.Cancel);
            (files, bytes) = (files + 1, bytes + staged.Size);
        }
        rows?.Complete();
        context.Messages.Success(files == 0 ? "nothing to delete" : $"{Quantity.Count(files, "file")}, {Quantity.Bytes(bytes)}{(dryRun ? " would be" : "")} deleted");
        return ExitCode.Done;
    }

    private static TimeSpan Retention(string text) =>
        text.Length > 1 && double.TryParse(text[..^1], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var value) && value < 1e6
            ? text[^1] switch { 'd' => TimeSpan.FromDays(value), 'h' => TimeSpan.FromHours(value), 'm' => TimeSpan.FromMinutes(value), _ => throw Wrong(text) } : throw Wrong(text);

    private static UserError Wrong(string text) => new($"`{text}` is not a duration") { ExitCode = ExitCode.Usage, Hint = "write --retention 7d or --retention 12h" };
}
