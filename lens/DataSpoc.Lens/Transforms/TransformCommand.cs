using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Transforms;
using DataSpoc.Lens.Catalog;

namespace DataSpoc.Lens.Transforms;

/// <summary><c>lens transform list|plan|run|test</c>: tables of <c>gold/</c> from SELECT statements, each after those it reads.</summary>
internal static class TransformCommand
{
    public static ToolCommand Create() => new("transform", "Make the tables of gold/ from SQL")
    {
        Verb("list", "Show the transforms in the order in which they run", "lens transform list", (project, _) => ListAsync(project), full: false),
        Verb("plan", "Show what would run and how columns and rows would change; nothing is written", "lens transform plan --bucket file:///data/lake", PlanAsync, full: true),
        Verb("run", "Make the tables: check each, then commit it", "lens transform run sales/revenue", RunAsync, full: true),
        Verb("test", "Run the unit tests in transforms/<domain>/<table>.test.yaml; no bucket is read", "lens transform test", (project, _) => Task.FromResult(new TransformTesting(project).Run()), full: false),
    };

    private static ToolCommand Verb(string name, string description, string example, Func<GoldProject, bool, Task<ExitCode>> handler, bool full)
    {
        var names = new Argument<string[]>("table") { Description = "domain/table; all without one", Arity = ArgumentArity.ZeroOrMore };
        var buckets = BucketOption.Create();
        var all = new Option<bool>("--full") { Description = "Read all rows, also where a transform is incremental" };
        var command = new ToolCommand(name, description)
        {
            Example = example,
            Details = "Each file transforms/<domain>/<table>.sql of the project holds one SELECT and a header of comment lines: mode, key, deduplicate, incremental, partition, check.",
            Handler = async context =>
            {
                await using var project = GoldProject.Open(context, context.Value(names) ?? [], context.Value(buckets) ?? []);
                return await handler(project, full && context.Value(all));
            },
            Arguments = { names },
            Options = { buckets },
        };
        if (full)
            command.Options.Add(all);
        return command;
    }

    private static Task<ExitCode> ListAsync(GoldProject project)
    {
        using var rows = project.Context.Rows([new("table"), new("reads"), new("mode"), new("key"), new("checks", RowColumnKind.Number), new("file")]);
        foreach (var one in project.Planned)
            rows.WriteRow(one.Transform.Location.SqlName, string.Join(", ", one.Inputs), one.Transform.Mode.ToString().ToLowerInvariant(), string.Join(", ", one.Transform.Key), one.Transform.Checks.Count,
                Path.GetRelativePath(project.Context.Environment.WorkingFolder, one.Transform.File));
        rows.Complete();
        return Task.FromResult(ExitCode.Done);
    }

    private static async Task<ExitCode> PlanAsync(GoldProject project, bool full)
    {
        var context = project.Context;
        var planner = new TransformPlanner(project.Database, await project.TablesAsync(context.Cancel), project.Cache, context.Time);
        using var rows = context.Rows([new("table"), new("reads"), new("columns"), new("rows_before", RowColumnKind.Number), new("rows_after", RowColumnKind.Number),
            new("added", RowColumnKind.Number), new("removed", RowColumnKind.Number), new("changed", RowColumnKind.Number), new("checks")]);
        foreach (var one in project.Planned)
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

    private static async Task<ExitCode> RunAsync(GoldProject project, bool full)
    {
        var context = project.Context;
        var batch = new TransformBatch(project.Database, project.Cache, project.TablesAsync, project.RunOf);
        using var rows = context.OutputGiven ? context.Rows([new("table"), new("status"), new("rows", RowColumnKind.Number), new("files", RowColumnKind.Number), new("bytes", RowColumnKind.Number), new("read"), new("error")]) : null;
        var (first, made) = (default(UserError), 0);
        await foreach (var outcome in batch.RunAsync(project.Planned, full, context.Cancel))
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
        context.Messages.Success($"{Quantity.Count(made, "table")} made in {project.Bucket.Store.Bucket}");
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
}
