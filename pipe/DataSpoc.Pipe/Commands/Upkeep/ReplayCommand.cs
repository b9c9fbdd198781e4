using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Pipe.Commands.Ingesting;
using DataSpoc.Pipe.Configuration;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Ingestion.Merging;
using DataSpoc.Pipe.Ingestion.Quarantine;
using DataSpoc.Pipe.Sources.BatchTransforms;

namespace DataSpoc.Pipe.Commands.Upkeep;

/// <summary><c>pipe replay</c>: rejected records again, after the fix.</summary>
internal sealed class ReplayCommand(PipeHost host)
{
    private readonly Argument<string> _table = new("table") { Description = "source/table whose rejected records are ingested again" };
    private readonly Option<string?> _bucket = new("--bucket") { Description = "the bucket: file:///folder or s3://bucket", HelpName = "bucket" };

    public ToolCommand Create() => new("replay", "Ingest rejected records again, after the fix")
    {
        Example = "pipe replay shop/orders",
        Details = "Records of quarantine/ that the table takes now leave quarantine and enter the table in one commit; the others stay. Bookmarks do not move",
        Handler = RunAsync,
        Arguments = { _table },
        Options = { _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        if (context.Value(_table)!.Split('/') is not [var source, var table])
            throw new UserError($"`{context.Value(_table)}` is not source/table") { ExitCode = ExitCode.Usage, Hint = "pipe replay shop/orders" };
        var (location, rejected) = (new TableLocation(Layer.Raw, source, table), new TableLocation(Layer.Quarantine, source, table));
        await using var store = host.OpenStore(BucketUri.Parse(PipeFile.BucketOf(context, context.Value(_bucket))), new() { Time = context.Time });
        using var database = Database.Open(PipeDatabase.Options(context.Environment));
        var cache = ObjectCache.OfUser(context.Environment.Variable);
        var files = await FilesAsync(store, rejected, cache, context.Cancel);
        using var report = context.OutputGiven ? context.Rows([new("table"), new("pipeline"), new("entered", RowColumnKind.Number), new("rejected", RowColumnKind.Number), new("run_id")]) : null;
        var pipelines = await QuarantineReplay.PipelinesAsync(database, files.Files, context.Cancel);
        if (pipelines.Count == 0)
        {
            report?.Complete();
            context.Messages.Success($"`{rejected.SqlName}` holds no rejected record");
            return ExitCode.Done;
        }
        var (rows, still) = (0L, 0L);
        foreach (var pipeline in pipelines)
        {
            var (result, runId) = await OneAsync(context, store, database, cache, pipeline, location, rejected);
            (rows, still) = (rows + result.Rows, result.Rejected + still);
            report?.WriteRow(location.SqlName, pipeline, result.Rows, result.Rejected, runId);
        }
        report?.Complete();
        context.Messages.Success($"{Quantity.Count(rows, "record")} of `{rejected.SqlName}` entered `{location.SqlName}`{(still > 0 ? $", {Quantity.Count(still, "record")} stay rejected" : "")}");
        return ExitCode.Done;
    }

    private async Task<(StreamResult Result, string RunId)> OneAsync(CommandContext context, IObjectStore store, Database database, ObjectCache cache, string pipeline, TableLocation location, TableLocation rejected)
    {
        var run = new RunContext(store, WritingTool.Pipe, pipeline, PipeCommandLine.Writer, context.Time) { Lease = host.Lease };
        var session = await RunSession.StartAsync(run, context.Cancel);
        var own = ProjectPipelines.Names(context).FirstOrDefault(name => ProjectPipelines.KeyOf(name) == pipeline);
        var plans = own is not null ? ProjectPipelines.Load(context, own).ToPlans() : TablePlans.None;
        var transform = own is not null ? BatchTransform.Find(context.Project.PathOf("transforms"), own) : null;
        var target = new LoadTarget(run, session, database, location.Source!, ChangeMode.Append) { Day = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime), Plans = plans, Cache = cache };
        var log = new RunLogWriter(store, pipeline, context.Time.GetUtcNow(), context.Time);
        try
        {
            // read again: the run before this one has changed it
            var (snapshot, files) = await FilesAsync(store, rejected, cache, context.Cancel);
            var replay = new QuarantineReplay(target, location, transform);
            var result = await replay.RunAsync(snapshot!, files, context.Cancel);
            if (replay.Failure is { } failure)
                context.Messages.Warn($"{failure.What.Replace(", so that the run fails", "", StringComparison.Ordinal)} on some records: {failure.Where.FirstOrDefault(where => where.Label == "reason").Value}");
            await log.WriteAsync(session, new(session.RunId, [result], null), CancellationToken.None);
            return (result, session.RunId);
        }
        finally
        {
            store.DeleteScratch(session.RunId);
        }
    }

    private static async Task<(TableSnapshot? Snapshot, IReadOnlyList<ExistingFile> Files)> FilesAsync(IObjectStore store, TableLocation location, ObjectCache cache, CancellationToken cancel) =>
        await new TableLog(store).ReadAsync(location, cancel) is { } snapshot ? (snapshot, await new ExistingFiles(store, location, cache).FetchAsync(snapshot.Files.Values, cancel)) : (null, []);
}
