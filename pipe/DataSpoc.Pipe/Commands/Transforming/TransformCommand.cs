using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Contracts.DuckDb.Cache;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Storage;
using DataSpoc.Contracts.Storage.RunCommits;
using DataSpoc.Contracts.Transforms;
using DataSpoc.Pipe.Configuration;

namespace DataSpoc.Pipe.Commands.Transforming;

/// <summary><c>pipe transform</c>: tables of <c>curated/</c> from SELECT statements, each after those it reads.</summary>
internal sealed class TransformCommand(PipeHost host)
{
    private readonly Argument<string[]> _names = new("table") { Description = "domain/table; all without one", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _to = new("--to") { Description = "the bucket: file:///folder or s3://bucket", HelpName = "bucket" };
    private readonly Option<bool> _all = new("--all") { Description = "all of them, which is the default" };
    private readonly Option<bool> _full = new("--full") { Description = "read all rows, also where the mode is incremental" };
    private readonly Option<bool> _plan = new("--plan") { Description = "show what would run and how columns and rows would change, and write nothing" };
    private readonly Option<bool> _test = new("--test") { Description = "run the unit tests in transforms/<domain>/<table>.test.yaml; no bucket is read" };

    public ToolCommand Create() => new("transform", "Make the tables of curated/ from SQL")
    {
        Example = "pipe transform --to file:///data/lake",
        Details = "Each file transforms/<domain>/<table>.sql of the project holds one SELECT over raw.<source>_<table> and curated.<domain>_<table>, and a header of comment lines: mode, key, deduplicate, incremental, partition, check",
        Handler = RunAsync,
        Arguments = { _names },
        Options = { _to, _all, _full, _plan, _test },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var transforms = TransformFiles.Read(context.Project.PathOf("transforms"), Layer.Curated);
        using var database = Database.Open(PipeDatabase.Options(context.Environment));
        var planned = Chosen(context.Value(_names) ?? [], InOrder(transforms, database));
        if (context.Value(_test))
            return new TransformTesting(context).Run(planned);
        var bucket = BucketUri.Parse(context.Value(_to) ?? context.Project.Load<PipeFile>().Bucket
            ?? throw new UserError("no bucket is named: `--to` is missing") { ExitCode = ExitCode.Usage, Hint = "--to file:///data/lake, or `bucket:` in pipe.yaml" });
        await using var store = host.OpenStore(bucket, new() { Time = context.Time });
        return context.Value(_plan) ? await PlanAsync(context, store, database, planned, context.Value(_full)) : await MakeAsync(context, store, database, planned);
    }

    private async Task<ExitCode> MakeAsync(CommandContext context, IObjectStore store, Database database, IReadOnlyList<PlannedTransform> planned)
    {
        var batch = new TransformBatch(database, Cache(context), cancel => TablesAsync(store, cancel), transform =>
            new(store, WritingTool.Pipe, $"curated-{transform.Location.Source}-{transform.Location.Table}", PipeCommandLine.Writer, context.Time) { Lease = host.Lease });
        using var rows = context.OutputGiven ? context.Rows([new("table"), new("status"), new("rows", RowColumnKind.Number), new("files", RowColumnKind.Number), new("bytes", RowColumnKind.Number), new("read"), new("error")]) : null;
        var (first, made) = (default(UserError), 0);
        await foreach (var outcome in batch.RunAsync(planned, context.Value(_full), context.Cancel))
        {
            var name = outcome.Planned.Transform.Location.SqlName;
            first ??= outcome.Error;
            made += outcome.Result?.Sequence is null ? 0 : 1;
            Say(context, name, outcome);
            rows?.WriteRow(name, outcome.Result is not { } done ? outcome.Waits is null ? "failed" : "left" : done.Sequence is null ? "unchanged" : "made",
                outcome.Result?.Rows, outcome.Result?.Files, outcome.Result?.Bytes, outcome.Result?.Read, outcome.Error?.What);
        }
        rows?.Complete();
        if (first is not null)
            return first.ExitCode;
        context.Messages.Success($"{Quantity.Count(made, "table")} made in {store.Bucket}");
        return ExitCode.Done;
    }

    private static void Say(CommandContext context, string name, TransformOutcome outcome)
    {
        if (outcome.Waits is { } need)
            context.Messages.Warn($"`{name}` is left as it is, it reads `{need.Location.SqlName}`");
        else if (outcome.Error is { } error)
            context.Messages.Error(error);
        else if (outcome.Result is { Sequence: null } unchanged)
            context.Messages.Info($"`{name}`: {unchanged.Read}");
        else if (outcome.Result is { } result)
        {
            context.Messages.Info($"`{name}`: {Quantity.Count(result.Rows, "row")}, {Quantity.Count(result.Files, "file")}, {Quantity.Bytes(result.Bytes)} from {result.Read}");
            foreach (var warning in result.Checks.Warnings)
                context.Messages.Warn($"`{name}`: {warning}");
        }
    }

    private static async Task<ExitCode> PlanAsync(CommandContext context, IObjectStore store, Database database, IReadOnlyList<PlannedTransform> planned, bool full)
    {
        var planner = new TransformPlanner(database, await TablesAsync(store, context.Cancel), Cache(context), context.Time);
        using var rows = context.Rows([new("table"), new("reads"), new("columns"), new("rows_before", RowColumnKind.Number), new("rows_after", RowColumnKind.Number),
            new("added", RowColumnKind.Number), new("removed", RowColumnKind.Number), new("changed", RowColumnKind.Number), new("checks")]);
        foreach (var one in planned)
        {
            var plan = await planner.PlanAsync(one, full, context.Cancel);
            var columns = string.Join(", ", plan.Columns);
            if (plan.Runs)
                rows.WriteRow(plan.Transform.Location.SqlName, plan.Read, plan.IsNew ? $"new: {columns}" : columns, plan.RowsBefore, plan.RowsAfter, plan.Added, plan.Removed, plan.Changed, string.Join("; ", plan.Findings));
            else
                rows.WriteRow(plan.Transform.Location.SqlName, plan.Read, "", null, null, 0L, 0L, 0L, "");
        }
        rows.Complete();
        context.Messages.Info("nothing was written");
        return ExitCode.Done;
    }

    private static async Task<TransformTables> TablesAsync(IObjectStore store, CancellationToken cancel) => new(await BucketCatalog.ReadAsync(store, cancel));

    private static ObjectCache Cache(CommandContext context) => ObjectCache.OfUser(context.Environment.Variable);

    private static IReadOnlyList<PlannedTransform> InOrder(IReadOnlyList<Transform> transforms, Database database)
    {
        using var connection = database.Connect();
        return TransformOrder.Of(transforms, connection);
    }

    private static IReadOnlyList<PlannedTransform> Chosen(string[] names, IReadOnlyList<PlannedTransform> all)
    {
        var known = all.Select(plan => $"{plan.Transform.Location.Source}/{plan.Transform.Location.Table}").ToArray();
        foreach (var unknown in names.Except(known))
            throw new UserError($"there is no transform `{unknown}`") { ExitCode = ExitCode.Usage, Hint = NearestName.Of(unknown, known) is { } near ? $"did you mean `{near}`?" : $"there is {string.Join(", ", known)}" };
        return names.Length == 0 ? all : [.. all.Where((_, i) => names.Contains(known[i]))];
    }
}
