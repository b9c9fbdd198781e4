using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Ingestion.Masking;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.BatchTransforms;
using DataSpoc.Pipe.Sources.Files;
using DataSpoc.Pipe.Sources.Singer;
using DataSpoc.Pipe.Sources.Singer.Batches;

namespace DataSpoc.Pipe.Commands.Ingesting;

/// <summary>Carries out one <see cref="IngestionPlan"/>: opens bucket and run, reads, commits, writes the log, says what was done.</summary>
internal sealed class IngestionRun(PipeHost host, CommandContext context, IngestionPlan plan)
{
    public async Task<ExitCode> RunAsync(IngestionReport report)
    {
        var started = context.Time.GetUtcNow();
        var bucket = BucketUri.Parse(plan.Bucket);
        // what is named wrongly is said before the bucket is touched
        var files = plan.Table is null ? [] : await FileSelection.FindAsync(plan.Files, context.Environment.WorkingFolder, OpenSource, context.Cancel);
        foreach (var file in files)
            FileKind.Of(file.Uri);
        await using var store = host.OpenStore(bucket, new() { MayBeNew = true, Time = context.Time });
        var run = new RunContext(store, WritingTool.Pipe, plan.Pipeline, PipeCommandLine.Writer, context.Time)
        {
            Lease = host.Lease,
            TakenBack = earlier => context.Messages.Warn(earlier.What),
            Waiting = (id, until) => context.Messages.Info($"waiting for run {id} of `{plan.Pipeline}` to finish its commit, until {until:HH:mm:ss} UTC at most"),
        };
        // what an earlier run left is finished while DuckDB opens
        var starting = Task.Run(() => RunSession.StartAsync(run, context.Cancel), context.Cancel);
        using var database = await PipeDatabase.OpenAsync(context.Environment, fromChannels: plan.Table is null);
        var session = await starting;
        var target = new LoadTarget(run, session, database, plan.Source, plan.Mode == WriteMode.Overwrite ? ChangeMode.Overwrite : ChangeMode.Append)
        {
            Day = DateOnly.FromDateTime(started.UtcDateTime),
            Full = plan.FullRun,
            Plans = plan.Plans.Otherwise(plan.Mode),
            Cache = ObjectCache.OfUser(context.Environment.Variable),
            Salt = context.Environment.Variable(Mask.SaltVariable),
            InspectFolder = plan.Inspect ? Path.Combine(Path.GetTempPath(), "dataspoc-inspect") : null,
        };
        var log = new RunLogWriter(store, plan.Pipeline, started, context.Time);
        try
        {
            var result = await IngestAsync(target, files);
            // gigabytes of pages take a moment to be given back
            var closing = Task.Run(database.Dispose);
            await log.WriteAsync(session, result, CancellationToken.None);
            await closing;
            report.Done(plan, result);
            return Report(result, started);
        }
        catch (UserError error)
        {
            await log.WriteFailureAsync(session, error, CancellationToken.None);
            throw;
        }
        finally
        {
            store.DeleteScratch(session.RunId);
        }
    }

    private async Task<RunResult> IngestAsync(LoadTarget target, IReadOnlyList<SourceFile> files)
    {
        if (plan.Table is { } table)
        {
            var ingestion = new FileIngestion(target, ObjectCache.OfUser(context.Environment.Variable), OpenSource) { HasHeader = plan.HasHeader, Reading = plan.Reading, Transform = plan.Transform, Since = plan.FilesSince, Again = plan.Mode == WriteMode.Append };
            return await ingestion.RunAsync(files, target.Table(table), null, context.Cancel);
        }
        context.WhenInterrupted(() => "what was committed before stays; run again to go on");
        var policy = new CommitPolicy(context.Time);
        if (plan.ReadsStdin)
        {
            await using var input = context.OpenInput();
            var batches = new BatchFiles(target.Database, ObjectCache.OfUser(context.Environment.Variable), OpenSource, context.Environment.WorkingFolder);
            var reader = new SingerReader(input, new() { Origin = "stdin", Streams = plan.Streams, Batches = batches });
            return await SourceIngestion.RunAsync(reader, target, policy, AcknowledgeAsync, context.Cancel);
        }
        if (plan.Database is { } database)
        {
            // the bookmark also holds tables that are not read now
            var state = target.Session.Bookmark;
            var rows = database.Open(plan.Streams, state ?? default, plan.FullRun, context.Environment.Variable);
            if (plan.Since is { } since)
                rows = database.Open(plan.Streams, await ReadingSince.BookmarkAsync(rows, state, database.NameIn(context.Environment.Variable), since, context.Cancel), plan.FullRun, context.Environment.Variable);
            return await SourceIngestion.RunAsync(Transformed(rows, target), target, policy, null, context.Cancel);
        }
        var source = plan.Reads!.Open(new()
        {
            Database = target.Database,
            Cache = ObjectCache.OfUser(context.Environment.Variable),
            OpenStore = OpenSource,
            Folder = plan.Folder,
            Streams = plan.Streams,
            State = target.Mode == ChangeMode.Overwrite || plan.Since is not null ? default : target.Session.Bookmark ?? default,
            Incremental = target.Mode != ChangeMode.Overwrite,
            Log = context.Messages.Detail,
            Time = context.Time,
        });
        return await SourceIngestion.RunAsync(Transformed(source, target), target, policy, null, context.Cancel);
    }

    private ISource Transformed(ISource source, LoadTarget target) =>
        plan.Transform is { } transform ? new TransformedSource(source, transform, target.Database, target.Store.ScratchFolder(target.Session.RunId)) : source;

    // a Singer target repeats the bookmarks that are safe on stdout
    private async Task AcknowledgeAsync(ReadOnlyMemory<byte> state, CancellationToken cancel)
    {
        await context.Environment.StandardOutput.WriteAsync(state, cancel);
        await context.Environment.StandardOutput.WriteAsync("\n"u8.ToArray(), cancel);
        await context.Environment.StandardOutput.FlushAsync(cancel);
    }

    private ExitCode Report(RunResult result, DateTimeOffset started)
    {
        foreach (var stream in result.Streams)
        {
            if (stream.Failure is { } failure)
                context.Messages.Error(failure);
            else if (result.Error is not null && stream.Rows == 0)
                continue;
            else if (plan.Table is not null && stream.Files == 0 && stream.Rows == 0)
                context.Messages.Info($"nothing new for `{stream.Location.SqlName}`: {(plan.FilesSince is null ? "every file is in it already" : "no file was changed since")}");
            else
                context.Messages.Info($"`{stream.Location.SqlName}`: {Quantity.Count(stream.Rows, "row")}, {Quantity.Count(stream.Files, "file")}, {Quantity.Bytes(stream.Bytes)}");
        }
        foreach (var stream in result.Streams)
        {
            foreach (var warning in stream.Checks.Warnings)
                context.Messages.Warn($"`{stream.Location.SqlName}`: {warning}");
            if (stream.Rejected > 0)
                context.Messages.Warn($"`{stream.Location.SqlName}`: {Quantity.Count(stream.Rejected, "record")} rejected, in `quarantine.{stream.Location.SqlTable}`; after the fix: pipe replay {stream.Location.Source}/{stream.Location.Table}");
        }
        foreach (var notice in result.Notices)
            context.Messages.Warn(notice);
        if (result.Error is { } error)
            throw error;
        var failed = result.Streams.Count(stream => stream.Failure is not null);
        if (failed > 0)
        {
            if (failed < result.Streams.Count)
                context.Messages.Warn($"{failed} of {result.Streams.Count} streams failed, the others are committed");
            return result.FirstError!.ExitCode;
        }
        context.Messages.Success($"{Quantity.Count(result.Rows, "row")}{(result.Rejected > 0 ? $" ({Quantity.Count(result.Rejected, "record")} rejected)" : "")} into {plan.Bucket} in {Quantity.Duration(context.Time.GetUtcNow() - started)}");
        return ExitCode.Done;
    }

    private IObjectStore OpenSource(BucketUri bucket) => host.OpenStore(bucket, new() { Time = context.Time });
}
