using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.Delta;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Mounting;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Storage.Tables;
using DataSpoc.Pipe.Ingestion;
using DataSpoc.Pipe.Sources;
using DataSpoc.Pipe.Sources.BatchTransforms;

namespace DataSpoc.Pipe.Commands.Looking;

/// <summary>The first rows of a stream, as they would be written.</summary>
/// <param name="Stream">The source's name.</param>
/// <param name="Location">The table.</param>
/// <param name="Columns">Its columns and their types in SQL.</param>
/// <param name="Rows">Values in the order of the columns.</param>
/// <param name="Failure">Why it cannot be read, or null.</param>
internal sealed record PreviewedStream(string Stream, TableLocation Location, IReadOnlyList<MountedColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, UserError? Failure);

/// <summary>Looks at a source without writing into a bucket.</summary>
internal sealed class SourceLook(PipeHost host, CommandContext context)
{
    /// <summary>The streams of a source.</summary>
    /// <exception cref="UserError">It cannot be reached or started.</exception>
    public async Task<IReadOnlyList<DiscoveredStream>> DiscoverAsync(IngestionPlan plan)
    {
        using var database = Database.Open(PipeDatabase.Options(context.Environment));
        return plan.Table is null ? await Open(plan, database).DiscoverAsync(context.Cancel) : [await new FileLook(plan, context, OpenSource).DiscoverAsync(database)];
    }

    /// <summary>The first rows of each stream: they are ingested into a bucket of their own, which is gone afterwards.</summary>
    /// <exception cref="UserError">The source cannot be reached or started, or what it sends cannot be understood.</exception>
    public async Task<IReadOnlyList<PreviewedStream>> PreviewAsync(IngestionPlan plan, int rows)
    {
        using var database = Database.Open(PipeDatabase.Options(context.Environment));
        if (plan.Table is not null)
            return [await new FileLook(plan, context, OpenSource).PreviewAsync(database, rows)];
        using var folder = new TemporaryFolder("preview");
        await using var store = ObjectStores.Open(BucketUri.Parse($"file://{folder.Path}/bucket"), new() { MayBeNew = true, Time = context.Time });
        var run = new RunContext(store, WritingTool.Pipe, plan.Pipeline, PipeCommandLine.Writer, context.Time);
        var session = await RunSession.StartAsync(run, context.Cancel);
        var target = new LoadTarget(run, session, database, plan.Source, ChangeMode.Overwrite) { Day = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime) };
        var source = Open(plan, database).First(rows);
        var transformed = plan.Transform is { } transform ? new TransformedSource(source, transform, database, folder.Path) : source;
        var result = await SourceIngestion.RunAsync(transformed, target, new CommitPolicy(context.Time), null, context.Cancel);
        foreach (var notice in result.Notices)
            context.Messages.Warn(notice);
        if (result.Error is { } error)
            throw error;
        var streams = new List<PreviewedStream>();
        foreach (var stream in result.Streams)
            streams.Add(await ReadAsync(store, database, stream, rows));
        return streams;
    }

    private IDiscoverableSource Open(IngestionPlan plan, Database database) => plan.Database is { } address
        ? address.Open(plan.Streams, default, anew: true, context.Environment.Variable)
        : plan.Reads!.Open(new()
        {
            Database = database,
            Cache = ObjectCache.OfUser(context.Environment.Variable),
            OpenStore = OpenSource,
            Folder = plan.Folder,
            Streams = plan.Streams,
            Log = context.Messages.Detail,
            Time = context.Time,
        });

    private async Task<PreviewedStream> ReadAsync(IObjectStore store, Database database, StreamResult stream, int rows)
    {
        if (await new TableLog(store).ReadAsync(stream.Location, context.Cancel) is not { } snapshot)
            return new(stream.Stream, stream.Location, [], [], stream.Failure);
        using var connection = database.Connect();
        var table = MountedTable.Of("main", "preview", snapshot, path => store.LocalPath(stream.Location.KeyOf(path))!);
        TableViews.Create(connection, [table]);
        return new(stream.Stream, stream.Location, table.Columns, ResultRows.Read(connection, $"SELECT * FROM main.preview LIMIT {rows}", context.Cancel), stream.Failure);
    }

    private IObjectStore OpenSource(BucketUri bucket) => host.OpenStore(bucket, new() { Time = context.Time });
}
