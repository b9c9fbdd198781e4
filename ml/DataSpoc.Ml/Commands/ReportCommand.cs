using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.DuckDb;
using DataSpoc.Ml.Data;
using DataSpoc.Ml.Data.Reading;
using DataSpoc.Ml.Monitoring;
using DataSpoc.Ml.Prediction;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Reporting;
using DataSpoc.Ml.Training.Evaluation;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml report</c>: all that is known of a version, as one HTML file.</summary>
internal sealed class ReportCommand(StoreOpening stores)
{
    private const int ExplainedRows = 500;
    private const int MostSlicesPerColumn = 8;
    private const int SlicedColumns = 3;

    private readonly Option<string> _model = new("--model") { Description = "The model: `late`, `late@3` or `late@prod`", HelpName = "MODEL", Required = true };
    private readonly Option<string> _from = new("--from") { Description = "A later table with the target: slices and drift come from it (default: slices of the holdout, and what `ml drift` found last)", HelpName = "TABLE" };
    private readonly Option<string> _file = new("--export") { Description = "The file to write (default: MODEL-VERSION.html)", HelpName = "FILE" };
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new ReportCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("report", "All that is known of a version, as one HTML file that needs nothing else")
    {
        Example = "ml report --model late@prod --from curated.parcels_deliveries --export late.html --bucket s3://company-bronze",
        Handler = RunAsync,
        Options = { _model, _from, _file, _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _bucket, stores);
        using var model = await OpenedModel.OpenAsync(host, ModelReference.Parse(context.Value(_model)!), context.Cancel);
        using var database = host.OpenDatabase();
        using var connection = database.Connect();
        var aliases = await new ModelCatalog(host.Store).AliasesAsync(model.Model.Run.Model, context.Cancel);
        var later = context.Value(_from) is { } from ? await FitAsync(host, database, connection, model, from, context.Cancel) : null;
        var holdout = later is null ? await new CandidateTables(host).HoldoutAsync(database, connection, model.Model, context.Cancel) : null;
        var (drift, driftTable) = later is null ? await LastCheckAsync(host, database, connection, model, context.Cancel)
            : (model.Model.Features.Profile.Count == 0 ? [] : new DriftCheck(model.Model, model.Booster, new(0.05, 0.1)).Run(connection, later, context.Cancel), later.Name);
        var content = new ReportContent(
            aliases, await ExplainedAsync(context, host, database, connection, model, later),
            later is not null ? Slices(connection, later, null, model, context.Cancel) : holdout is { } held ? Slices(connection, held.Table, held.Rows, model, context.Cancel) : [],
            later?.Name ?? "the holdout", drift, driftTable, context.Time.GetUtcNow());
        var file = context.Environment.FullPath(context.Value(_file) ?? $"{model.Model.Run.Model}-{model.Model.Run.ModelVersion}.html");
        await File.WriteAllTextAsync(file, ReportPage.Of(model.Model, content), context.Cancel);
        context.Messages.Success($"the report is in {file}");
        return ExitCode.Done;
    }

    private static async Task<SourceTable> FitAsync(MlHost host, Database database, Connection connection, OpenedModel model, string from, CancellationToken cancel)
    {
        var table = await host.OpenTableAsync(database, connection, from, model.Model.Features.Views, cancel);
        TableFit.Require(model.Model.Features, table);
        return table;
    }

    // a report is also made when the training table is gone
    private static async Task<Contributions?> ExplainedAsync(CommandContext context, MlHost host, Database database, Connection connection, OpenedModel model, SourceTable? later)
    {
        try
        {
            var table = later ?? await FitAsync(host, database, connection, model, model.Model.Features.Table, context.Cancel);
            return Contributions.OfSample(connection, table, model.Model.Features, model.Booster, ExplainedRows, context.Cancel);
        }
        catch (UserError error)
        {
            context.Messages.Warn($"what moves the answers is left out: {error.What}");
            return null;
        }
    }

    // what the newest `ml drift` of this version found
    private static async Task<(IReadOnlyList<MonitoringLine> Lines, string? Table)> LastCheckAsync(MlHost host, Database database, Connection connection, OpenedModel model, CancellationToken cancel)
    {
        try
        {
            return MonitoringTable.Last(connection, await host.OpenTableAsync(database, connection, $"monitoring.{model.Model.Run.Model}", null, cancel), model.Model.Run.ModelVersion, cancel);
        }
        catch (UserError error) when (error.ExitCode == ExitCode.Usage)
        {
            // nothing was checked yet
            return ([], null);
        }
    }

    private static List<SliceFigure> Slices(Connection connection, SourceTable table, HashSet<int>? only, OpenedModel model, CancellationToken cancel)
    {
        var features = model.Model.Features;
        var metric = model.Model.Metrics.Metric;
        var slices = new List<SliceFigure>();
        if (table.Columns.All(c => c.Name != features.Target.Column))
            return slices;
        foreach (var column in features.Columns.Where(c => c.Kind is ColumnKind.Flag || c.Kind is ColumnKind.Category && c.Categories.Count is > 1 and <= 30).Take(SlicedColumns))
        {
            var scored = ScoredRows.Read(features, model.Booster, connection, table, column.Name, cancel);
            if (only is not null)
                scored = scored.Where(only.Contains);
            foreach (var slice in scored.Slices.Select((value, row) => (value, row)).GroupBy(s => s.value ?? "(null)", s => s.row, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostSlicesPerColumn))
            {
                var chosen = slice.ToHashSet();
                var some = scored.Where(chosen.Contains);
                if (Metrics.Of(features.Target, some.Labels, some.Outputs, features.Answer).TryGetValue(metric, out var figure))
                    slices.Add(new(column.Name, slice.Key, some.Labels.Length, figure));
            }
        }
        return slices;
    }
}
