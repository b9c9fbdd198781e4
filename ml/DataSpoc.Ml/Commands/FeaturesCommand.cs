using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.Layout;
using DataSpoc.Contracts.Names;
using DataSpoc.Ml.Features;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml features</c>: what is known of entities, and since when.</summary>
internal sealed class FeaturesCommand(StoreOpening stores)
{
    private readonly Option<string> _listBucket = BucketOption.Create(), _planBucket = BucketOption.Create(), _makeBucket = BucketOption.Create(), _joinBucket = BucketOption.Create();
    private readonly Argument<string[]> _planned = Views(), _made = Views();
    private readonly Option<bool> _full = new("--full") { Description = "Also views that are up to date, and all rows of those that are incremental" };
    private readonly Option<string> _from = new("--from") { Description = "The labels: a table with the entity and a moment", HelpName = "TABLE", Required = true };
    private readonly Option<string[]> _views = new("--features") { Description = "The views, as a,b or repeated", HelpName = "VIEWS", Required = true };
    private readonly Option<string> _time = new("--time-column") { Description = "The labels' column with their moment", HelpName = "COLUMN", Required = true };
    private readonly Option<string> _name = new("--name") { Description = "The table to write: features.NAME", HelpName = "NAME", Required = true };

    public static ToolCommand Create(StoreOpening stores) => new FeaturesCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("features", "What is known of an entity at a moment: views for training and prediction alike")
    {
        new ToolCommand("list", "Every view of the project, and what is materialised of it")
        {
            Example = "ml features list --bucket s3://company-bronze",
            Handler = ListAsync,
            Options = { _listBucket },
        },
        new ToolCommand("plan", "Which views `materialize` would make again, and why")
        {
            Example = "ml features plan --bucket s3://company-bronze",
            Handler = PlanAsync,
            Options = { _planBucket },
            Arguments = { _planned },
        },
        new ToolCommand("materialize", "Write the tables of views whose definition or input changed")
        {
            Example = "ml features materialize customers --bucket s3://company-bronze",
            Details = "Writes the table features.<view>, in one commit: all its rows anew, or with `incremental` the days that differ. Rows without entity or timestamp, or two of one, are refused (exit code 3).",
            Handler = MaterializeAsync,
            Options = { _makeBucket, _full },
            Arguments = { _made },
        },
        new ToolCommand("join", "Give each label what was known of its entity at its moment, as a table")
        {
            Example = "ml features join --from curated.shop_labels --features customers --time-column at --name churn_set --bucket s3://company-bronze",
            Details = "Each label gets the newest row of its entity that is not later than the label, nor older than the view's ttl. `ml train --features` does the same without writing a table.",
            OffersDryRun = true,
            Handler = JoinAsync,
            Options = { _joinBucket, _from, _views, _time, _name },
        },
    };

    private async Task<ExitCode> ListAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _listBucket, stores);
        using var rows = context.Rows([new("view"), new("entity"), new("timestamp"), new("ttl"), new("rows", RowColumnKind.Number), new("snapshot", RowColumnKind.Number), new("state")]);
        foreach (var plan in await PlansAsync(context, host, []))
            rows.WriteRow(plan.View.Name, string.Join(", ", plan.View.Entity), plan.View.Timestamp, plan.View.Ttl?.ToString("c", null), plan.Rows, plan.Snapshot, plan.Reason ?? "up to date");
        rows.Complete();
        return ExitCode.Done;
    }

    private async Task<ExitCode> PlanAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _planBucket, stores);
        using var rows = context.Rows([new("view"), new("action"), new("reason"), new("reads")]);
        foreach (var plan in await PlansAsync(context, host, context.Value(_planned) ?? []))
            rows.WriteRow(plan.View.Name, plan.Reason is null ? "keep" : "materialize", plan.Reason ?? "up to date", string.Join(", ", plan.Inputs.Tables.Select(t => t.Content.Table.ToString())));
        rows.Complete();
        return ExitCode.Done;
    }

    private async Task<ExitCode> MaterializeAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _makeBucket, stores);
        var materialized = new List<string>();
        context.WhenInterrupted(() => materialized.Count == 0 ? "no view was written" : $"written: {string.Join(", ", materialized)}");
        using var rows = context.Rows([new("view"), new("table"), new("rows", RowColumnKind.Number), new("snapshot", RowColumnKind.Number), new("reason")]);
        var materializing = new FeatureTables(context, host);
        foreach (var plan in await PlansAsync(context, host, context.Value(_made) ?? []))
        {
            if (plan.Reason is null && !context.Value(_full))
            {
                rows.WriteRow(plan.View.Name, plan.View.Location.SqlName, plan.Rows, plan.Snapshot, "up to date");
                continue;
            }
            var committed = await materializing.MaterializeAsync(plan, context.Value(_full));
            materialized.Add(plan.View.Name);
            rows.WriteRow(plan.View.Name, plan.View.Location.SqlName, committed.Snapshot.Rows, committed.Snapshot.Version, plan.Reason ?? "it was asked for");
        }
        rows.Complete();
        return ExitCode.Done;
    }

    private async Task<ExitCode> JoinAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _joinBucket, stores);
        var name = Name.Require(context.Value(_name)!, "table");
        if (context.Project.Names(FeatureView.Folder).Contains(name))
            throw new UserError($"`{name}` is a view of the project: its table cannot hold a join") { Hint = "choose another `--name`", ExitCode = ExitCode.Usage };
        context.WhenInterrupted(static () => "no table was written");
        var joined = new JoinedViews(context.Value(_time)!, [.. FeatureView.Load(context.Project, Columns.Split(context.Value(_views))).Select(JoinedView.Of)]);
        var table = new TableLocation(Layer.Features, null, name);
        var result = await new FeatureTables(context, host).JoinAsync(context.Value(_from)!, joined, table);
        using var rows = context.Rows([new("view"), new("labels", RowColumnKind.Number), new("known", RowColumnKind.Number), new("too_old", RowColumnKind.Number), new("unknown", RowColumnKind.Number)]);
        foreach (var (view, known, old) in result.Views)
            rows.WriteRow(view, result.Labels, known - old, old, result.Labels - known);
        rows.Complete();
        if (result.WithoutMoment > 0)
            context.Messages.Warn($"{Quantity.Count(result.WithoutMoment, "label")} without a moment in `{joined.Time}` know nothing");
        context.Messages.Success(context.DryRun ? "nothing was written" : $"`{table.SqlName}` has {Quantity.Count(result.Labels, "row")}");
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<ViewPlan>> PlansAsync(CommandContext context, MlHost host, IReadOnlyList<string> names)
    {
        var views = FeatureView.Load(context.Project, names);
        if (views.Count == 0)
            context.Messages.Info($"the project has no views; write one into {context.Project.PathOf(FeatureView.Folder)}");
        using var database = host.OpenDatabase();
        var materialization = new ViewMaterialization(host.Store, host.Tables, database);
        var plans = new List<ViewPlan>();
        foreach (var view in views)
            plans.Add(await materialization.PlanAsync(view, context.Cancel));
        return plans;
    }

    private static Argument<string[]> Views() => new("views") { Description = "Which; all where none is named", HelpName = "VIEW", Arity = ArgumentArity.ZeroOrMore };
}
