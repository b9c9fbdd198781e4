using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Storage;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Clusters;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Export;

namespace DataSpoc.Lens.Sql;

/// <summary>One run of <c>lens sql</c>.</summary>
internal sealed class SqlRun(CommandContext context, SqlArguments arguments)
{
    public async Task<ExitCode> RunAsync()
    {
        if (arguments.Limit < 0)
            throw new UserError($"`--limit {arguments.Limit}` is not a number of rows") { Hint = "write 0 or more", ExitCode = ExitCode.Usage };
        var sql = QueryText.WithParameters(await QueryText.ReadAsync(context, arguments.Query, arguments.File), arguments.Parameters);
        if (arguments.Explain)
            sql = "EXPLAIN " + sql;
        if (arguments.Unsafe)
            context.Messages.Warn("the guard is lifted: this query may run any statement, read and write any file that you may, change settings and load extensions");
        var configuration = context.Project.Load<LensConfiguration>();
        var limit = arguments.Timeout is { } text ? TimeLimit.Parse(text) : configuration.Timeout;
        using var export = arguments.Export is { } file ? ExportTarget.Parse(file, context.Environment) : null;
        var delivery = new ResultDelivery(context, arguments.Limit, export);
        var engine = arguments.Engine ?? configuration.Engine?.Value ?? Engine.Own;
        if (Engine.IsCluster(engine))
            return await OnClusterAsync(sql, ClickHouseAddress.Parse(engine, context.Environment.Variable), configuration, delivery, limit);
        // it starts while the catalog is read
        Task<Database> Open() => Engine.OpenAsync(configuration);
        var opening = Open();
        await using var buckets = BucketSelection.Open(arguments.Buckets, configuration, context.Environment);
        using var timeout = limit is { } time ? new CancellationTokenSource(time, context.Time) : new();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.Cancel);
        try
        {
            await RunAsync(sql, opening, Open, buckets, delivery, engine == Engine.Httpfs ? new(context.Environment.Variable) : null, either.Token);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !context.Cancel.IsCancellationRequested)
        {
            throw TimeLimit.Exceeded(limit!.Value);
        }
    }

    private async Task<ExitCode> OnClusterAsync(string sql, ClickHouseAddress address, LensConfiguration configuration, ResultDelivery delivery, TimeSpan? limit)
    {
        using var timeout = limit is { } time ? new CancellationTokenSource(time, context.Time) : new();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.Cancel);
        try
        {
            await new ClusterRun(context, address).RunAsync(sql, arguments, configuration, delivery, limit, either.Token);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !context.Cancel.IsCancellationRequested)
        {
            throw TimeLimit.Exceeded(limit!.Value);
        }
    }

    private async Task RunAsync(string sql, Task<Database> opening, Func<Task<Database>> reopen, BucketSet buckets, ResultDelivery delivery, DirectAccess? direct, CancellationToken cancel)
    {
        if (buckets.Buckets is [var only])
            only.Catalog.Begin(QueryText.Layers(sql), cancel);
        if (arguments.Buckets.Count > 0)
            foreach (var bucket in buckets.Buckets)
                await bucket.EnsureExistsAsync(cancel);
        var cache = ObjectCaches.Of(context);
        var loader = new TableLoader(buckets, cache) { AsOf = arguments.AsOf is { } instant ? AsOf.Parse(instant) : null };
        using var progress = new CopyProgress(context.Progress);
        // a table may be replaced while it is read: then once more, on its newest snapshot
        if (!await TryAsync(sql, loader, new(cache, progress.Advance) { Direct = direct }, opening, buckets, delivery, last: false, cancel))
            await TryAsync(sql, loader, new(cache, progress.Advance) { Whole = true, Direct = direct }, reopen(), buckets, delivery, last: true, cancel);
        if (progress.Bytes > 0)
            cache.Trim();
    }

    private async Task<bool> TryAsync(string sql, TableLoader loader, TableCopies copies, Task<Database> opening, BucketSet buckets, ResultDelivery delivery, bool last, CancellationToken cancel)
    {
        QuerySession session;
        try
        {
            session = await QuerySession.OpenAsync(sql, buckets, loader, copies, opening, new(delivery.ExportTo, arguments.Unsafe), cancel);
        }
        catch (UserError error) when (!last && error.InnerException is ObjectGoneException)
        {
            return false;
        }
        using (session)
        {
            try
            {
                delivery.Deliver(session.Run, session.RunToParquet, cancel);
                return true;
            }
            catch (DuckDbException error) when (!last && !delivery.Begun && session.MayBeStale(error))
            {
                context.Messages.Detail($"read again: {error.Message.Split('\n')[0]}");
                return false;
            }
            catch (DuckDbException error)
            {
                throw await session.ExplainAsync(error, cancel);
            }
        }
    }
}
