using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Ingestion.Merging;
using DataSpoc.Pipe.Maintenance;

namespace DataSpoc.Pipe.Commands.Upkeep;

/// <summary><c>pipe vacuum</c>: deletes what nobody needs any more.</summary>
internal sealed class VacuumCommand(PipeHost host)
{
    private readonly Argument<string[]> _tables = new("table") { Description = "source/table; all of the bucket without one", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _bucket = new("--bucket") { Description = "the bucket: file:///folder or s3://bucket", HelpName = "bucket" };
    private readonly Option<string?> _retention = new("--retention") { Description = "how long replaced files stay for time travel and slow readers; else the table's `history`, or 7d", HelpName = "7d" };
    private readonly Option<string?> _quarantine = new("--quarantine") { Description = "also removes records that have been in quarantine for longer; without it they stay until they are replayed", HelpName = "30d" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "say what would be deleted, and delete nothing" };

    public ToolCommand Create() => new("vacuum", "Delete files that no table needs any more")
    {
        Example = "pipe vacuum --bucket file:///data/lake --dry-run",
        Details = "Files that were replaced before the retention, and what killed runs left a day ago. Never a file of a run in flight. Rejected records go by a commit of their table",
        Handler = RunAsync,
        Arguments = { _tables },
        Options = { _bucket, _retention, _quarantine, _dryRun },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var store = host.OpenStore(BucketUri.Parse(PipeFile.BucketOf(context, context.Value(_bucket))), new() { Time = context.Time });
        var vacuum = new TableVacuum(store, context.Time.GetUtcNow(), context.Value(_retention) is { } retention ? Duration("--retention", retention) : null);
        var kept = context.Value(_quarantine) is { } keep ? Duration("--quarantine", keep) : (TimeSpan?)null;
        var dryRun = context.Value(_dryRun);
        using var rows = context.OutputGiven || dryRun ? context.Rows([new("key"), new("bytes", RowColumnKind.Number), new("why")]) : null;
        var (files, bytes) = (0, 0L);
        var tables = await PipeTables.ChosenAsync(store, context.Value(_tables) ?? [], context.Time, context.Cancel);
        var expired = kept is { } age ? await ExpireAsync(context, store, [.. tables.Where(table => table.Layer == Layer.Quarantine)], context.Time.GetUtcNow() - age, rows) : 0;
        foreach (var location in tables)
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
        string?[] deleted = [expired == 0 ? null : Quantity.Count(expired, "rejected record"), files == 0 ? null : $"{Quantity.Count(files, "file")}, {Quantity.Bytes(bytes)}"];
        context.Messages.Success(files == 0 && expired == 0 ? "nothing to delete" : $"{string.Join("; ", deleted.Where(part => part is not null))}{(dryRun ? " would be" : "")} deleted");
        return ExitCode.Done;
    }

    private async Task<long> ExpireAsync(CommandContext context, IObjectStore store, IReadOnlyList<TableLocation> tables, DateTimeOffset before, IRowWriter? rows)
    {
        using var database = Database.Open(PipeDatabase.Options(context.Environment));
        var expiry = new QuarantineExpiry(name => new(store, WritingTool.Pipe, name, PipeCommandLine.Writer, context.Time) { Lease = host.Lease }, database, ObjectCache.OfUser(context.Environment.Variable), before);
        var busy = (await OpenRuns.ReadAsync(store, context.Cancel)).Changes.Select(change => change.Location).ToHashSet();
        var all = 0L;
        foreach (var location in tables)
        {
            if (busy.Contains(location))
            {
                context.Messages.Warn($"`{location.SqlName}` is left as it is: a run is committing to it");
                continue;
            }
            var (records, files) = context.Value(_dryRun) ? Planned(await expiry.FindAsync(store, location, context.Cancel)) : await expiry.RunAsync(location, context.Cancel);
            foreach (var file in files)
                rows?.WriteRow(location.KeyOf(file.Path), file.Size, "holds rejected records of before");
            if (records > 0)
                context.Messages.Info($"`{location.SqlName}`: {Quantity.Count(records, "record")} of before {before.UtcDateTime:yyyy-MM-dd HH:mm}");
            all += records;
        }
        return all;
    }

    private static (long Records, IReadOnlyList<AddFile> Files) Planned(IReadOnlyList<(ExistingFile File, long Records)> found) => (found.Sum(file => file.Records), [.. found.Select(file => file.File.File)]);

    private static TimeSpan Duration(string option, string text) =>
        text.Length > 1 && double.TryParse(text[..^1], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var value) && value < 1e6
            ? text[^1] switch { 'd' => TimeSpan.FromDays(value), 'h' => TimeSpan.FromHours(value), 'm' => TimeSpan.FromMinutes(value), _ => throw Wrong(option, text) } : throw Wrong(option, text);

    private static UserError Wrong(string option, string text) => new($"`{text}` is not a duration") { ExitCode = ExitCode.Usage, Hint = $"write {option} 7d or {option} 12h" };
}
