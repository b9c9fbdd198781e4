using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Maintenance;

namespace DataSpoc.Pipe.Commands.Upkeep;

/// <summary><c>pipe compact</c>: small files become large ones, while readers read.</summary>
internal sealed class CompactCommand(PipeHost host)
{
    private readonly Argument<string[]> _tables = new("table") { Description = "source/table; all of the bucket without one", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _bucket = new("--bucket") { Description = "the bucket: file:///folder or s3://bucket", HelpName = "bucket" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "say what would be put together, and change nothing" };

    public ToolCommand Create() => new("compact", "Put small files of tables together")
    {
        Example = "pipe compact shop/orders --bucket file:///data/lake",
        Details = "Files below 64 MB of one day become files of about 128 MB, by one commit in which no row changes: readers see the table before it or after it",
        Handler = RunAsync,
        Arguments = { _tables },
        Options = { _bucket, _dryRun },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var store = host.OpenStore(BucketUri.Parse(PipeFile.BucketOf(context, context.Value(_bucket))), new() { Time = context.Time });
        using var database = Database.Open(PipeDatabase.Options(context.Environment));
        var compaction = new TableCompaction(name => new(store, WritingTool.Pipe, name, PipeCommandLine.Writer, context.Time) { Lease = host.Lease }, database, ObjectCache.OfUser(context.Environment.Variable));
        using var rows = context.OutputGiven ? context.Rows([new("table"), new("small_files", RowColumnKind.Number), new("files", RowColumnKind.Number), new("bytes", RowColumnKind.Number)]) : null;
        var busy = (await OpenRuns.ReadAsync(store, context.Cancel)).Changes.Select(change => change.Location).ToHashSet();
        var (before, after, first) = (0, 0, default(UserError));
        foreach (var location in await PipeTables.ChosenAsync(store, context.Value(_tables) ?? [], context.Time, context.Cancel))
        {
            if (busy.Contains(location))
            {
                context.Messages.Warn($"`{location.SqlName}` is left as it is: a run is committing to it");
                continue;
            }
            try
            {
                if (await OneAsync(context, store, compaction, location) is not { } done)
                    continue;
                rows?.WriteRow(location.SqlName, done.Before, context.Value(_dryRun) ? null : done.After, done.Bytes);
                context.Messages.Info($"`{location.SqlName}`: {Quantity.Count(done.Before, "small file")}{(context.Value(_dryRun) ? "" : $" became {Quantity.Count(done.After, "file")}")}, {Quantity.Bytes(done.Bytes)}");
                (before, after) = (before + done.Before, after + done.After);
            }
            catch (UserError error) when (error.ExitCode != ExitCode.NotPermitted)
            {
                context.Messages.Error(error);
                first ??= error;
            }
        }
        rows?.Complete();
        if (first is not null)
            return first.ExitCode;
        context.Messages.Success(before == 0 ? "no table has small files to put together" : context.Value(_dryRun) ? $"{Quantity.Count(before, "small file")} would be put together" : $"{Quantity.Count(before, "small file")} became {Quantity.Count(after, "file")}");
        return ExitCode.Done;
    }

    private async Task<CompactedTable?> OneAsync(CommandContext context, IObjectStore store, TableCompaction compaction, TableLocation location)
    {
        if (!context.Value(_dryRun))
            return await compaction.RunAsync(location, context.Cancel);
        if (await new TableLog(store).ReadAsync(location, context.Cancel) is not { } snapshot)
            return null;
        var files = compaction.Plan(snapshot).SelectMany(day => day).ToArray();
        return files.Length == 0 ? null : new(files.Length, 0, files.Sum(file => file.Size));
    }
}
