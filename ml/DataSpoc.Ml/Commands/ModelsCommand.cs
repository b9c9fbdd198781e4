using System.CommandLine;
using DataSpoc.Contracts;
using DataSpoc.Contracts.CommandLine;
using DataSpoc.Contracts.CommandLine.Output;
using DataSpoc.Ml.Registry;
using DataSpoc.Ml.Registry.Documents;

namespace DataSpoc.Ml.Commands;

/// <summary><c>ml models list</c>, <c>show</c>, <c>compare</c> and <c>delete</c>.</summary>
internal sealed class ModelsCommand(StoreOpening stores)
{
    private readonly Option<string> _listBucket = BucketOption.Create();
    private readonly Option<string> _showBucket = BucketOption.Create();
    private readonly Argument<string> _model = new("model") { Description = "The model: `late`, `late@3` or `late@prod`", HelpName = "MODEL" };

    private readonly Option<string> _compareBucket = BucketOption.Create();
    private readonly Argument<string[]> _compared = new("models") { Description = "Two versions: `late@2 late@prod`", HelpName = "MODEL", Arity = new(2, 2) };
    private readonly Option<string> _deleteBucket = BucketOption.Create();
    private readonly Argument<string> _deleted = new("model") { Description = "A version such as `late@3`, or a whole model such as `late`", HelpName = "MODEL" };

    public static ToolCommand Create(StoreOpening stores) => new ModelsCommand(stores).ToCommand();

    // alone it lists, as DataSpoc's `models --bucket` does
    private ToolCommand ToCommand()
    {
        var bucket = BucketOption.Create();
        var models = new ToolCommand("models", "What models the bucket has") { Example = "ml models --bucket s3://company-bronze", Handler = context => ListAsync(context, bucket), Options = { bucket } };
        foreach (var command in Commands())
            models.Add(command);
        return models;
    }

    private ToolCommand[] Commands() =>
    [
        new ToolCommand("list", "Every model with its published version and how good it is")
        {
            Example = "ml models list --bucket s3://company-bronze",
            Handler = context => ListAsync(context, _listBucket),
            Options = { _listBucket },
        },
        new ToolCommand("show", "One version: figures, features and what they are worth")
        {
            Example = "ml models show late@3 --bucket s3://company-bronze",
            Handler = ShowAsync,
            Options = { _showBucket },
            Arguments = { _model },
        },
        new ToolCommand("compare", "Two versions side by side: figures, parameters, columns")
        {
            Example = "ml models compare late@2 late@prod --bucket s3://company-bronze",
            Handler = CompareAsync,
            Options = { _compareBucket },
            Arguments = { _compared },
        },
        new ToolCommand("delete", "Delete a version, or a model with all its versions; predictions stay")
        {
            Example = "ml models delete late@3 --yes --bucket s3://company-bronze",
            Asks = true,
            Handler = DeleteAsync,
            Options = { _deleteBucket },
            Arguments = { _deleted },
        },
    ];

    private async Task<ExitCode> ListAsync(CommandContext context, Option<string> bucket)
    {
        await using var host = MlHost.Open(context, bucket, stores);
        var catalog = new ModelCatalog(host.Store);
        var names = await catalog.ModelsAsync(context.Cancel);
        if (names.Count == 0)
            context.Messages.Info($"{host.Store.Bucket} has no models; `ml train` makes one");
        using var rows = context.Rows([new("model"), new("version", RowColumnKind.Number), new("aliases"), new("target"), new("task"), new("metric"), new("holdout", RowColumnKind.Number),
            new("baseline", RowColumnKind.Number), new("table"), new("trained_at", RowColumnKind.Temporal)]);
        foreach (var name in names)
        {
            if (await catalog.PublishedAsync(name, context.Cancel) is not { } version)
                continue;
            var model = await catalog.DescribeAsync(name, version, context.Cancel);
            var aliases = (await catalog.AliasesAsync(name, context.Cancel)).Aliases;
            rows.WriteRow(name, version, Aliases(aliases, version), model.Features.Target.Column, model.Metrics.Task.ToString().ToLowerInvariant(), model.Metrics.Metric,
                model.Metrics.Headline(model.Metrics.Holdout), model.Metrics.Headline(model.Metrics.Baseline), model.Features.Table, model.Run.FinishedAt);
        }
        rows.Complete();
        return ExitCode.Done;
    }

    private async Task<ExitCode> ShowAsync(CommandContext context)
    {
        var reference = ModelReference.Parse(context.Value(_model)!);
        await using var host = MlHost.Open(context, _showBucket, stores);
        var catalog = new ModelCatalog(host.Store);
        var (name, version) = await catalog.ResolveAsync(reference, context.Cancel);
        var model = await catalog.DescribeAsync(name, version, context.Cancel);
        using var rows = context.Rows([new("about"), new("name"), new("value")]);
        foreach (var (about, what, value) in Facts(model))
            rows.WriteRow(about, what, value);
        rows.Complete();
        return ExitCode.Done;
    }

    private async Task<ExitCode> CompareAsync(CommandContext context)
    {
        await using var host = MlHost.Open(context, _compareBucket, stores);
        var catalog = new ModelCatalog(host.Store);
        var sides = new List<ModelDescription>();
        foreach (var text in context.Value(_compared)!)
        {
            var (name, version) = await catalog.ResolveAsync(ModelReference.Parse(text), context.Cancel);
            sides.Add(await catalog.DescribeAsync(name, version, context.Cancel));
        }
        using var rows = context.Rows([new("about"), new("name"), new("first"), new("second"), new("difference", RowColumnKind.Number)]);
        foreach (var (about, name, first, second, difference) in ModelComparison.Of(sides[0], sides[1]))
            rows.WriteRow(about, name, first, second, difference);
        rows.Complete();
        if (!sides[0].SameHoldoutAs(sides[1]))
            context.Messages.Warn("the two were judged on different rows: compare the intervals, or judge both on one table with `ml evaluate`");
        return ExitCode.Done;
    }

    private async Task<ExitCode> DeleteAsync(CommandContext context)
    {
        var reference = ModelReference.Parse(context.Value(_deleted)!);
        await using var host = MlHost.Open(context, _deleteBucket, stores);
        var (name, version) = await new ModelCatalog(host.Store).ResolveAsync(reference, context.Cancel);
        var whole = reference is { Version: null, Alias: null };
        var what = whole ? $"model `{name}` with all its versions" : $"`{name}@{version}`";
        if (!context.Confirm($"delete {what} in {host.Store.Bucket}"))
            return ExitCode.Failed;
        var deletion = new ModelDeletion(host.Store, context.Time);
        if (whole)
            await deletion.DeleteModelAsync(name, context.Cancel);
        else
            await deletion.DeleteVersionAsync(name, version, host.User, context.Cancel);
        context.Messages.Success($"{what} is deleted");
        return ExitCode.Done;
    }

    private static IEnumerable<(string About, string Name, object? Value)> Facts(ModelDescription model)
    {
        var (run, features, metrics) = (model.Run, model.Features, model.Metrics);
        yield return ("model", "name", features.Model);
        yield return ("model", "version", features.ModelVersion);
        yield return ("model", "target", features.Target.Column);
        yield return ("model", "task", metrics.Task.ToString().ToLowerInvariant());
        if (features.Target.Classes.Count > 0)
            yield return ("model", "classes", string.Join(", ", features.Target.Classes));
        yield return ("model", "rounds", metrics.Rounds);
        yield return ("run", "trained_at", run.FinishedAt);
        yield return ("run", "table", run.Table);
        yield return ("run", "input", run.Input);
        yield return ("run", "seed", run.Seed);
        yield return ("run", "tool", $"{run.Tool}, {run.Engine}");
        yield return ("rows", "table", metrics.Rows.Table);
        yield return ("rows", "without_target", metrics.Rows.WithoutTarget);
        yield return ("rows", "training", metrics.Rows.Training);
        yield return ("rows", "holdout", metrics.Rows.Holdout);
        foreach (var (figure, value) in metrics.Holdout)
            yield return ("holdout", figure, value);
        foreach (var (figure, interval) in metrics.Intervals)
            yield return ("95 %", figure, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{interval.Low:0.#####} to {interval.High:0.#####}"));
        foreach (var (figure, value) in metrics.Baseline)
            yield return ("baseline", figure, value);
        foreach (var (figure, value) in metrics.Linear)
            yield return ("linear", figure, value);
        foreach (var feature in metrics.Importance)
            yield return ("importance", feature.Feature, feature.Gain);
        foreach (var column in features.LeftOut)
            yield return ("left out", column.Column, column.Detail);
    }

    private static string Aliases(IReadOnlyDictionary<string, int> aliases, int version) =>
        string.Join(", ", aliases.Where(a => a.Value == version).Select(a => a.Key).Order(StringComparer.Ordinal));
}
