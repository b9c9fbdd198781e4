using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml predict</c>: a model answers for every row of a table.</summary>
internal sealed class PredictCommand(StoreOpening stores)
{
    private readonly Option<string> _model = new("--model") { Description = "The model: `late`, `late@3` or `late@prod`", HelpName = "MODEL", Required = true };
    private readonly Option<string> _from = new("--from") { Description = "The table with the rows, as SQL names it", HelpName = "TABLE", Required = true };
    private readonly Option<string> _bucket = BucketOption.Create();
    private readonly Option<bool> _append = new("--append") { Description = "Add to the predictions that are there, instead of replacing them" };
    private readonly Option<string[]> _columns = new("--columns") { Description = "Further columns of the table to carry along, as a,b or repeated", HelpName = "COLUMNS" };

    private readonly Option<string> _export = new("--export") { Description = "Write the predictions to a file on this machine instead: .parquet, .csv, .json or .ndjson", HelpName = "FILE" };
    private readonly Option<bool> _explain = new("--explain") { Description = "Add what moved each answer most; takes about half a second per 1 000 rows" };

    public static ToolCommand Create(StoreOpening stores) => new PredictCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("predict", "Let a model answer for every row of a table")
    {
        Example = "ml predict --model late --from curated.parcels_deliveries --bucket s3://company-bronze",
        Details = """
            Writes the table predictions.<model>: the columns that name a row (else its position), the target where the table
            has it, `prediction`, `probability` (of the positive class; with several classes, of the one predicted),
            `model_version` and `predicted_at`. The rows appear all at once, or not at all.
            """,
        OffersDryRun = true,
        Handler = RunAsync,
        Options = { _model, _from, _bucket, _append, _columns, _explain, _export },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        var reference = ModelReference.Parse(context.Value(_model)!);
        await using var host = MlHost.Open(context, _bucket, stores);
        context.WhenInterrupted(static () => "no prediction was written");
        var request = new PredictionRequest(reference, context.Value(_from)!, Columns.Split(context.Value(_columns)), context.Value(_append), context.Value(_explain));
        var prediction = new TablePrediction(context, host);
        if (context.DryRun)
            return Show(context, await prediction.ColumnsAsync(request));
        if (context.Value(_export) is { } file)
            return await ExportAsync(context, prediction, request, file);
        var predicted = await prediction.RunAsync(request);

        using var rows = context.Rows([new("model"), new("version", RowColumnKind.Number), new("table"), new("rows", RowColumnKind.Number), new("snapshot", RowColumnKind.Number)]);
        rows.WriteRow(reference.Model, predicted.ModelVersion, predicted.Table, predicted.Rows, predicted.Snapshot);
        rows.Complete();
        context.Messages.Success($"see them with: lens sql \"select * from {predicted.Table} limit 5\" --bucket {host.Store.Bucket}");
        return ExitCode.Done;
    }

    private static async Task<ExitCode> ExportAsync(CommandContext context, TablePrediction prediction, PredictionRequest request, string file)
    {
        if (request.Append)
            throw new UserError("`--append` adds to the table in the bucket, not to a file of `--export`") { ExitCode = ExitCode.Usage };
        var written = await prediction.ExportAsync(request, new(context.Environment.FullPath(file)));
        using var rows = context.Rows([new("model"), new("version", RowColumnKind.Number), new("file"), new("rows", RowColumnKind.Number)]);
        rows.WriteRow(request.Model.Model, written.ModelVersion, file, written.Rows);
        rows.Complete();
        context.Messages.Success($"the predictions are in {file}; nothing was written to the bucket");
        return ExitCode.Done;
    }

    private static ExitCode Show(CommandContext context, PredictionColumns columns)
    {
        using var rows = context.Rows([new("column"), new("type")]);
        foreach (var (name, type) in columns.Written)
            rows.WriteRow(name, type.ToString());
        rows.Complete();
        context.Messages.Info("the table fits the model; nothing was written");
        return ExitCode.Done;
    }
}
