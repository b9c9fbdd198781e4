using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Monitoring;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml drift</c>: whether a table still looks like what a model was trained on.</summary>
internal sealed class DriftCommand(StoreOpening stores)
{
    private readonly Option<string> _model = new("--model") { Description = "The model: `late`, `late@3` or `late@prod`", HelpName = "MODEL", Required = true };
    private readonly Option<string> _from = new("--from") { Description = "The table as it is now", HelpName = "TABLE", Required = true };
    private readonly Option<double> _level = new("--level") { Description = "The most false alarms among alarms (default: 0.05)", HelpName = "SHARE", DefaultValueFactory = static _ => 0.05 };
    private readonly Option<double> _effect = new("--effect") { Description = "The least Jensen-Shannon distance that matters, 0 to 1 (default: 0.1)", HelpName = "DISTANCE", DefaultValueFactory = static _ => 0.1 };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new DriftCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("drift", "Whether a table still looks like what a model was trained on, and is answered as well")
    {
        Example = "ml drift --model late@prod --from curated.parcels_deliveries --bucket s3://company-bronze",
        Details = """
            Each column and the model's answers are compared with training, in the same bins. A difference is an alarm when it
            is more than chance, corrected for the number of columns, and large. Where the target is in the table, the figures
            are compared with those of the holdout. The lines are added to the table monitoring.<model>; an alarm ends with
            exit code 3.
            """,
        OffersDryRun = true,
        Handler = RunAsync,
        Options = { _model, _from, _level, _effect, _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var rule = new AlarmRule(context.Value(_level), context.Value(_effect));
        if (rule.Level is <= 0 or >= 1 || rule.Effect is < 0 or > 1)
            throw new UserError("`--level` is above 0 and below 1, `--effect` from 0 to 1") { ExitCode = ExitCode.Usage };
        await using var host = MlHost.Open(context, _bucket, stores);
        using var model = await OpenedModel.OpenAsync(host, ModelReference.Parse(context.Value(_model)!), context.Cancel);
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var table = await host.OpenTableAsync(database, connection, context.Value(_from)!, model.Model.Features.Views, context.Cancel);
        TableFit.Require(model.Model.Features, table);
        if (model.Model.Features.Profile.Count == 0)
            throw new UserError($"`{model.Name}` was trained before `ml` recorded how columns are spread") { Hint = "train it again" };
        var lines = await Task.Run(() => Check(connection, table, model, rule, context.Cancel), context.Cancel);
        if (!context.DryRun)
            await new MonitoringTable(host.Store, MlHost.Tool, context.Time).AppendAsync(
                connection, model.Model.Run.Model, model.Model.Run.ModelVersion, table.Input ?? table.Name, lines, context.Cancel);
        Write(context, lines);
        var alarms = lines.Where(l => l.Alarm).ToArray();
        if (alarms.Length == 0)
            return ExitCode.Done;
        throw new UserError($"`{table.Name}` is not what `{model.Name}` was trained on: {Quantity.Count(alarms.Length, "alarm")} in {Quantity.Count(lines.Count, "comparison")}")
        {
            Where = [.. alarms.Take(10).Select(a => (a.About, a.Name))],
            Hint = "find out why it changed; where it will stay so, train a new version",
            ExitCode = ExitCode.Refused,
        };
    }

    private static IReadOnlyList<MonitoringLine> Check(Connection connection, SourceTable table, OpenedModel model, AlarmRule rule, CancellationToken cancel)
    {
        try
        {
            return new DriftCheck(model.Model, model.Booster, rule).Run(connection, table, cancel);
        }
        catch (DuckDbException error)
        {
            throw TableReadErrors.Explain(error, table);
        }
    }

    private static void Write(CommandContext context, IReadOnlyList<MonitoringLine> lines)
    {
        using var rows = context.Rows([new("about"), new("name"), new("alarm"), new("before", RowColumnKind.Number), new("now", RowColumnKind.Number), new("psi", RowColumnKind.Number), new("psi_threshold", RowColumnKind.Number),
            new("ks", RowColumnKind.Number), new("jensen_shannon", RowColumnKind.Number), new("false_discovery_rate", RowColumnKind.Number), new("missing_before", RowColumnKind.Number), new("missing_now", RowColumnKind.Number)]);
        foreach (var line in lines.OrderByDescending(l => l.Alarm).ThenByDescending(l => l.Drift?.JensenShannon ?? -1))
            rows.WriteRow(line.About, line.Name, line.Alarm, line.Before, line.Now, line.Drift?.Psi, line.Drift?.PsiThreshold, line.Drift?.Ks, line.Drift?.JensenShannon, line.Drift?.Rate, line.Drift?.MissingBefore, line.Drift?.MissingNow);
        rows.Complete();
    }
}
