using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Contracts.DuckDb.Catalog;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml status</c>: where every model stands.</summary>
internal sealed class StatusCommand(StoreOpening stores)
{
    private readonly Option<string> _bucket = BucketOption.Create();

    public static ToolCommand Create(StoreOpening stores) => new StatusCommand(stores).ToCommand();

    private ToolCommand ToCommand() => new("status", "Where every model stands: versions, aliases, predictions, monitoring")
    {
        Example = "ml status --bucket s3://company-bronze",
        Handler = RunAsync,
        Options = { _bucket },
    };

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _bucket, stores);
        var catalog = new ModelCatalog(host.Store);
        var names = await catalog.ModelsAsync(context.Cancel);
        if (names.Count == 0)
            context.Messages.Info($"{host.Store.Bucket} has no models; `ml train` makes one");
        var tables = await BucketCatalog.ReadAsync(host.Store, context.Cancel);
        using var rows = context.Rows([new("model"), new("versions", RowColumnKind.Number), new("prod", RowColumnKind.Number), new("staging", RowColumnKind.Number), new("newest", RowColumnKind.Number), new("metric"),
            new("holdout", RowColumnKind.Number), new("trained_at", RowColumnKind.Temporal), new("predictions", RowColumnKind.Number), new("predicted_at", RowColumnKind.Temporal), new("checked_at", RowColumnKind.Temporal)]);
        foreach (var name in names)
        {
            if (await catalog.PublishedAsync(name, context.Cancel) is not { } version || await catalog.NewestAsync(name, context.Cancel) is not { } newest)
                continue;
            var model = await catalog.DescribeAsync(name, version, context.Cancel);
            var aliases = (await catalog.AliasesAsync(name, context.Cancel)).Aliases;
            var registered = 0;
            foreach (var number in await catalog.NumbersAsync(name, context.Cancel))
                registered += await catalog.RunAsync(name, number, context.Cancel) is null ? 0 : 1;
            var predictions = (await tables.FindAsync("predictions", name, context.Cancel))?.Entry?.Statistics;
            var monitoring = (await tables.FindAsync("monitoring", name, context.Cancel))?.Entry?.Statistics;
            rows.WriteRow(name, registered, Alias(aliases, AliasesDocument.Production), Alias(aliases, AliasesDocument.Staging), newest, model.Metrics.Metric, model.Metrics.Headline(model.Metrics.Holdout),
                model.Run.FinishedAt, predictions?.TotalRows, predictions?.LastExtraction, monitoring?.LastExtraction);
        }
        rows.Complete();
        return ExitCode.Done;
    }

    private static int? Alias(IReadOnlyDictionary<string, int> aliases, string alias) => aliases.TryGetValue(alias, out var version) ? version : null;
}
