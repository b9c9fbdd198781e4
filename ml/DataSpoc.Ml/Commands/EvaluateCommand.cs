using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml evaluate</c>: how good a model is on any table whose target is known, also in parts.</summary>
internal sealed class EvaluateCommand(StoreOpening stores)
{
    private const int MostSlices = 50;

    private readonly Option<string> _model = new("--model") { Description = "The model: `late`, `late@3` or `late@prod`", HelpName = "MODEL", Required = true };
    private readonly Option<string> _from = new("--from") { Description = "The table with rows and their target", HelpName = "TABLE", Required = true };
    private readonly Option<string> _by = new("--by") { Description = "Also for the rows of each value of a column", HelpName = "COLUMN" };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new EvaluateCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("evaluate", "How good a model is on a table whose target is known, also in slices")
    {
        Example = "ml evaluate --model late@prod --from curated.parcels_deliveries --by region --bucket s3://company-bronze",
        Details = "Writes nothing. Rows that the model learned from make it look better than it is: evaluate on others.",
        Handler = RunAsync,
        Options = { _model, _from, _by, _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _bucket, stores);
        using var model = await OpenedModel.OpenAsync(host, ModelReference.Parse(context.Value(_model)!), context.Cancel);
        var features = model.Model.Features;
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var table = await host.OpenTableAsync(database, connection, context.Value(_from)!, features.Views, context.Cancel);
        TableFit.Require(features, table);
        var by = context.Value(_by);
        var scored = await Task.Run(() => Read(table, () => ScoredRows.Read(features, model.Booster, connection, table, by, context.Cancel)), context.Cancel);
        if (scored.Labels.Length == 0)
            throw new UserError($"no row of `{table.Name}` has a `{features.Target.Column}` that the model knows");

        using var rows = context.Rows([new("slice"), new("rows", RowColumnKind.Number), new("metric"), new("value", RowColumnKind.Number), new("low", RowColumnKind.Number), new("high", RowColumnKind.Number)]);
        Write(rows, "all", scored, model.Model);
        var slices = scored.Slices.Select((slice, row) => (slice, row)).GroupBy(s => s.slice ?? "(null)", s => s.row, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).ToArray();
        foreach (var slice in slices.Take(MostSlices))
        {
            var chosen = slice.ToHashSet();
            Write(rows, $"{by}={slice.Key}", scored.Where(chosen.Contains), model.Model);
        }
        rows.Complete();
        foreach (var remark in scored.Remarks(features.Target.Column))
            context.Messages.Warn(remark);
        if (slices.Length > MostSlices)
            context.Messages.Warn($"`{by}` has {slices.Length} values; shown are the {MostSlices} with the most rows");
        if (table.Input is not null && table.Input == model.Model.Run.Input)
            context.Messages.Warn($"`{model.Name}` learned from this snapshot: only the figures of its holdout are honest", $"see them with: ml models show {model.Name}");
        return ExitCode.Done;
    }

    private static T Read<T>(SourceTable table, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDbException error)
        {
            throw TableReadErrors.Explain(error, table);
        }
    }

    private static void Write(IRowWriter rows, string slice, ScoredRows scored, ModelDescription model)
    {
        var target = model.Features.Target;
        var intervals = ConfidenceIntervals.Of(target, scored.Labels, scored.Outputs, model.Features.Answer, model.Run.Seed);
        foreach (var (metric, value) in Metrics.Of(target, scored.Labels, scored.Outputs, model.Features.Answer))
            rows.WriteRow(slice, scored.Labels.Length, metric, value, intervals.GetValueOrDefault(metric)?.Low, intervals.GetValueOrDefault(metric)?.High);
    }
}
