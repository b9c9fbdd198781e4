using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Lens.Catalog;
using DataSpoc.Lens.Configuration;
using DataSpoc.Lens.Export;
using DataSpoc.Lens.Output;

namespace DataSpoc.Lens.Sql;

/// <summary>One run of <c>lens sql</c>.</summary>
internal sealed class SqlRun(CommandContext context, SqlArguments arguments)
{
    // a table is for looking at; -o csv gives all
    private const int RowsOfTable = 1000;
    private bool _shown;

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
        // DuckDB's library is large: it starts while the catalog is read
        Task<Database> Open() => Task.Run(() => Database.Open(Engine.Options(configuration)));
        var opening = Open();
        await using var buckets = BucketSelection.Open(arguments.Buckets, configuration, context.Environment);
        using var timeout = limit is { } time ? new CancellationTokenSource(time, context.Time) : new();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.Cancel);
        try
        {
            await RunAsync(sql, opening, Open, buckets, export, either.Token);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !context.Cancel.IsCancellationRequested)
        {
            throw TimeLimit.Exceeded(limit!.Value);
        }
    }

    private async Task RunAsync(string sql, Task<Database> opening, Func<Task<Database>> reopen, BucketSet buckets, ExportTarget? export, CancellationToken cancel)
    {
        if (buckets.Buckets is [var only] && QueryText.MayNameTables(sql))
            only.Prefetch(cancel);
        if (arguments.Buckets.Count > 0)
            foreach (var bucket in buckets.Buckets)
                await bucket.EnsureExistsAsync(cancel);
        var loader = new TableLoader(buckets) { AsOf = arguments.AsOf is { } instant ? AsOf.Parse(instant) : null };
        var cache = ObjectCaches.Of(context);
        using var progress = new CopyProgress(context.Progress);
        // a table may be replaced while it is read: then once more, on its newest snapshot
        if (!await TryAsync(sql, loader, new(cache, progress.Advance), opening, buckets, export, last: false, cancel))
            await TryAsync(sql, loader, new(cache, progress.Advance) { Whole = true }, reopen(), buckets, export, last: true, cancel);
        if (progress.Bytes > 0)
            cache.Trim();
    }

    private async Task<bool> TryAsync(string sql, TableLoader loader, TableCopies copies, Task<Database> opening, BucketSet buckets, ExportTarget? export, bool last, CancellationToken cancel)
    {
        QuerySession session;
        try
        {
            session = await QuerySession.OpenAsync(sql, buckets, loader, copies, opening, new(export?.PartialPath, arguments.Unsafe), cancel);
        }
        catch (UserError error) when (!last && error.What.EndsWith("any more", StringComparison.Ordinal))
        {
            return false;
        }
        using (session)
        {
            try
            {
                if (export is null)
                    Show(session, cancel);
                else
                    Save(session, export, cancel);
                return true;
            }
            catch (DuckDbException error) when (!last && !_shown && session.MayBeStale(error))
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

    private void Show(QuerySession session, CancellationToken cancel)
    {
        using var result = session.Run(cancel);
        if (context.Output == OutputFormat.Table && IsPlan(result))
        {
            ShowPlan(result);
            return;
        }
        var begun = result.NextChunk();
        _shown = true;
        var forPeople = context.Output is OutputFormat.Table or OutputFormat.Markdown;
        using var writer = context.Rows(ResultOutput.ColumnsOf(result), arguments.Limit is null ? RowsOfTable : null);
        ResultOutput.Write(result, writer, arguments.Limit, iso: !forPeople, eager: context.Output != OutputFormat.Table, begun);
    }

    // what EXPLAIN draws is no table
    private static bool IsPlan(ResultReader result) => result.Columns is [{ Name: "explain_key" }, { Name: "explain_value" }];

    private void ShowPlan(ResultReader result)
    {
        while (result.NextChunk())
            for (var row = 0; row < result.Chunk.Count; row++)
                context.Out.WriteLine(result.GetValue(1, row));
    }

    private void Save(QuerySession session, ExportTarget export, CancellationToken cancel)
    {
        var rows = export.Format == ExportFormat.Parquet ? session.RunToParquet(export.PartialPath, arguments.Limit, cancel) : SaveText(session, export, cancel);
        var bytes = export.Publish();
        context.Messages.Success($"{Quantity.Count(rows, "row")} to `{export.Shown}`, {Quantity.Bytes(bytes)}");
    }

    private long SaveText(QuerySession session, ExportTarget export, CancellationToken cancel)
    {
        using var result = session.Run(cancel);
        using var file = export.Open();
        var format = export.Format switch { ExportFormat.Json => OutputFormat.Json, ExportFormat.Ndjson => OutputFormat.Ndjson, _ => OutputFormat.Csv };
        using var writer = RowWriterFactory.Create(file, format, ResultOutput.ColumnsOf(result));
        try
        {
            return ResultOutput.Write(result, writer, arguments.Limit, iso: true, eager: false, result.NextChunk());
        }
        catch (IOException error) when (error is not BrokenPipeException)
        {
            throw export.Failed(error);
        }
    }
}
